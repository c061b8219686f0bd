/** Every failure a user can meet has one stable code; its exit code is part of the contract (README, "Exit codes"). */
export const CODES = {
  DK_USAGE: { exit: 2, summary: 'a flag or argument is wrong' },
  DK_CONFIG_MISSING: { exit: 2, summary: 'no project file, and nothing to detect one from' },
  DK_CONFIG_SYNTAX: { exit: 2, summary: 'the project file is not valid TOML' },
  DK_CONFIG_UNKNOWN_KEY: { exit: 2, summary: 'the project file has a key deploykit does not know' },
  DK_CONFIG_INVALID: { exit: 2, summary: 'a value in the project file, flags or environment is not usable' },
  DK_CONFIG_EXISTS: { exit: 2, summary: 'init found a project file and does not overwrite it' },
  DK_DETECT_CALLABLE: { exit: 2, summary: 'no WSGI callable was found, or several are equally likely' },
  DK_DETECT_REQUIREMENTS: { exit: 2, summary: 'the dependency list cannot be read' },
  DK_PLAN_ASYNC_THREADS: { exit: 2, summary: 'gevent together with threads (corrupts memory in uWSGI)' },
  DK_PLAN_ASYNC_TOO_SMALL: { exit: 2, summary: '--async needs at least 2 greenlets' },
  DK_PLAN_TIMEOUTS: { exit: 2, summary: 'timeouts that contradict each other' },
  DK_PLAN_LISTEN: { exit: 2, summary: 'the listen queue is longer than the kernel allows' },
  DK_UWSGI_OPTION: { exit: 2, summary: 'an extra uWSGI option is unknown, reserved or malformed' },
  DK_RENDER_VALUE: { exit: 2, summary: 'a value cannot be written in the format of the file it belongs to' },
  DK_TEMPLATE: { exit: 2, summary: 'a template of the project cannot be filled in' },
  DK_FILE_OUTSIDE: { exit: 2, summary: 'a path leaves the project folder' },
  DK_IMAGE_FAMILY: { exit: 2, summary: 'the base image is of an unknown family' },
  DK_TARGET_UNKNOWN: { exit: 2, summary: 'no such target' },
  DK_TARGET_RENDER_ONLY: { exit: 2, summary: 'this target is rendered, not run, by deploykit' },
  DK_ENGINE_MISSING: { exit: 3, summary: 'no Docker engine answers' },
  DK_ENGINE_DENIED: { exit: 3, summary: 'the user, or the login on a host, may not use the Docker engine' },
  DK_ENGINE_LOST: { exit: 3, summary: 'the Docker engine went away while it was worked with' },
  DK_BASE_MISSING: { exit: 3, summary: 'the base image is not on the engine and cannot be pulled' },
  DK_FRONT_MISSING: { exit: 3, summary: 'nginx is not in the base image and cannot be installed on it' },
  DK_COMPILER_MISSING: { exit: 3, summary: 'no C compiler to build uWSGI with' },
  DK_PYTHON_MISSING: { exit: 3, summary: 'no Python interpreter of the wanted version' },
  DK_PYTHON_HEADERS_MISSING: { exit: 3, summary: 'the headers of the Python interpreter are missing' },
  DK_PYTHON_VENV_MISSING: { exit: 3, summary: 'the Python interpreter cannot make virtual environments' },
  DK_BUILD_FOREIGN: { exit: 3, summary: 'wheels built on this machine do not run on the host' },
  DK_HOST_UNREACHABLE: { exit: 3, summary: 'a host cannot be reached over ssh, or its key is not known' },
  DK_SUDO_REFUSED: { exit: 3, summary: 'the login on a host is not root and may not use sudo' },
  DK_FRONT_FAILED: { exit: 1, summary: 'nginx on a host refuses the site, or does not serve it' },
  DK_HOST_UNFIT: { exit: 3, summary: 'a host lacks something the deployment needs' },
  DK_HOST_FAILED: { exit: 1, summary: 'a command on a host failed' },
  DK_HOST_FULL: { exit: 1, summary: 'a disk of a host is full; nothing was switched' },
  DK_RELEASE_COMMAND: { exit: 1, summary: 'the release command (migrations) failed; nothing was switched' },
  DK_RELEASE_UNKNOWN: { exit: 2, summary: 'there is no such release to roll back to' },
  DK_SCALE: { exit: 2, summary: 'so many replicas cannot be had there' },
  DK_BUILD_FAILED: { exit: 1, summary: 'the image build failed' },
  DK_REQUIREMENT_FAILED: { exit: 1, summary: 'a requirement of the project cannot be installed' },
  DK_UWSGI_BUILD_FAILED: { exit: 1, summary: 'uWSGI could not be built, or the binary does not work' },
  DK_GEVENT_MISSING: { exit: 1, summary: 'async was asked for and gevent is not there' },
  DK_APP_IMPORT: { exit: 1, summary: 'the application raised while it was imported' },
  DK_APP_CALLABLE: { exit: 1, summary: 'the module was imported but has no such callable' },
  DK_APP_UNHEALTHY: { exit: 1, summary: 'the server started but its health path does not answer well' },
  DK_SERVER_FAILED: { exit: 1, summary: 'the server did not start' },
  DK_NOT_ASYNC: { exit: 1, summary: 'the running server has not the slots that were planned' },
  DK_PORT_TAKEN: { exit: 1, summary: 'the port is in use' },
  DK_NAME_TAKEN: { exit: 1, summary: 'a container of that name belongs to something else' },
  DK_NOT_RUNNING: { exit: 1, summary: 'nothing is running for this project and target' },
  DK_STOP_TIMEOUT: { exit: 1, summary: 'the server did not stop in its grace time' },
  DK_LINT: { exit: 4, summary: 'lint found errors' },
  DK_LINT_FORMAT: { exit: 2, summary: 'lint reads ini files, and this is another format' },
  DK_EDITED_FILE: { exit: 4, summary: 'a generated file was edited by hand and would be overwritten' },
  DK_CHECK_FOUND: { exit: 4, summary: 'check found something to mend' },
  DK_DIFFERS: { exit: 4, summary: 'the files on disk are not as render would write them' },
  DK_LOCKED: { exit: 5, summary: 'another deploykit works on this deployment' },
  DK_BENCH_FAIL: { exit: 6, summary: 'bench verdict FAIL' },
  DK_DRILL_FAIL: { exit: 6, summary: 'a drill lost requests, or one of its events did not work' },
  DK_BENCH_INCONCLUSIVE: { exit: 7, summary: 'bench verdict INCONCLUSIVE' },
  DK_BENCH_INVALID: { exit: 8, summary: 'bench verdict INVALID: the generator was the limit' },
  DK_BENCH_ADDRESS: { exit: 2, summary: 'bench refuses to load an address that is not yours' },
  DK_BENCH_NOT_SERVING: { exit: 1, summary: 'the endpoint does not answer, or answers with errors' },
  DK_TOOL_MISSING: { exit: 3, summary: 'the tool of --cross-check is not installed' },
  DK_TOOL_FAILED: { exit: 1, summary: 'the tool of --cross-check failed or printed something else' },
  DK_TIMEOUT: { exit: 124, summary: 'the operation did not end in its time' },
  DK_INTERRUPTED: { exit: 130, summary: 'interrupted by a signal' },
  DK_INTERNAL: { exit: 1, summary: 'a defect of deploykit' },
} as const;

export type ErrorCode = keyof typeof CODES;

/** How an operation on several hosts ended on one of them. */
export interface HostOutcome {
  host: string;
  outcome: 'done' | 'failed' | 'not begun';
  message?: string;
}

interface ErrorDetails {
  /** How to mend it: one or two sentences, a command where there is one. */
  hint?: string;
  file?: string;
  /** 1-based. */
  line?: number;
  /** 1-based. */
  column?: number;
  /** Evidence to show as it is: a source excerpt, a traceback, the failing lines of a build. */
  excerpt?: string;
  /** Where there are several: the first is the canary, and after a failure no other is begun. */
  hosts?: HostOutcome[];
  /** Overrides the exit code of the table (signals: 143). */
  exitCode?: number;
  cause?: unknown;
}

/** What a command throws to end with a message for the user. Anything else that reaches the top is a defect. */
export class DeploykitError extends Error {
  override name = 'DeploykitError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.details = details;
  }

  get exitCode(): number {
    return this.details.exitCode ?? CODES[this.code].exit;
  }

  /** The `error` member of the JSON document. */
  toJSON(): Record<string, unknown> {
    const { hint, file, line, column, excerpt, hosts } = this.details;
    return { code: this.code, message: this.message, hint, file, line, column, excerpt, hosts };
  }
}

/** Throws the DK_INTERRUPTED error (exit 130 for SIGINT, 143 for SIGTERM) when the signal is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw signal.reason instanceof DeploykitError ? signal.reason : interrupted('SIGINT');
}

/** The reason an AbortSignal carries after Ctrl-C or SIGTERM. */
export function interrupted(name: 'SIGINT' | 'SIGTERM'): DeploykitError {
  return new DeploykitError('DK_INTERRUPTED', `interrupted by ${name}; the current step was undone`, {
    exitCode: name === 'SIGINT' ? 130 : 143,
  });
}
