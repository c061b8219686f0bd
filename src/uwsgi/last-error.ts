/** A line of a server's log. */
export interface LogLine {
  /** ISO 8601; null where the log carries no times. */
  at: string | null;
  text: string;
}

// What uWSGI 2.0.31, systemd 252 and the kernel write of a server that went wrong, and levels of the app's own logging.
const ERRORS = [
  /^DAMN ! worker \d+ .*died/,
  /^!!! /,
  /^\*\*\* (HARAKIRI|backtrace|uWSGI listen queue)/,
  /^(bind\(\)|listen\(\)): /,
  /^unable to load app /,
  /^--- no python application found/,
  /Main process exited, code=(killed|dumped)|Main process exited, code=exited, status=(?!0\/)/,
  /Failed with result |killed by the OOM killer|Out of memory/,
  /\b(ERROR|CRITICAL|FATAL)\b/,
];

/**
 * The newest line that tells of an error; of a traceback its last line, the exception. Null when there is none.
 * @param lines oldest first.
 */
export function lastError(lines: readonly LogLine[]): LogLine | null {
  let newest: LogLine | null = null;
  let inTraceback = false;
  for (const line of lines) {
    const { text } = line;
    if (text.startsWith('Traceback (most recent call last)')) {
      inTraceback = true;
    } else if (inTraceback) {
      if (/^(\s|$)/.test(text)) continue;
      inTraceback = false;
      newest = line;
    } else if (ERRORS.some((pattern) => pattern.test(text))) {
      newest = line;
    }
  }
  return newest;
}
