import { type Hit, page, type RuleText } from '../types.js';

/** Files beside a uwsgi.ini that decide how it runs. */
export type BesideKind = 'dockerfile' | 'manifest' | 'unit' | 'requirements';

export interface BesideFile {
  file: string;
  text: string;
  kind: BesideKind;
}

export interface BesideRule extends RuleText {
  kinds: readonly BesideKind[];
  find: (file: BesideFile, judge: DriverJudge | null) => Hit[];
}

/** Why a requirement (PEP 508) keeps greenlets from working at once, or null when nothing is known against it. */
export type DriverJudge = (requirement: string) => { why: string; fix: string | null } | null;

// A hit for each match of a pattern in the lines that are not comments, on its first group.
function matches(
  file: BesideFile,
  pattern: RegExp,
  message: (match: RegExpExecArray) => string | null,
): Hit[] {
  const hits: Hit[] = [];
  for (const match of file.text.matchAll(new RegExp(pattern, 'gdm'))) {
    const start = file.text.lastIndexOf('\n', match.index) + 1;
    if (/^\s*[#;]/.test(file.text.slice(start, start + 200))) continue;
    const text = message(match as RegExpExecArray);
    const [offset, end] = match.indices?.[1] ?? [match.index, match.index + match[0].length];
    if (text !== null) hits.push({ source: file, offset, end, message: text });
  }
  return hits;
}

const uwsgiEnvironment: BesideRule = {
  id: 'uwsgi-environment',
  code: 'E6',
  severity: 'error',
  title: 'an environment variable that begins with UWSGI_',
  does: 'uWSGI takes each such variable for an option: UWSGI_VERSION prints the version and ends with 0, an unknown one ends it with 1 under strict.',
  mend: 'Choose another name; a Kubernetes service should not be called uwsgi.',
  page: page('Configuration'),
  kinds: ['dockerfile', 'manifest', 'unit'],
  find: (file) => {
    const patterns = {
      dockerfile: /^\s*(?:ENV|ARG)\s+(?:.*\s)?["']?(UWSGI_\w+)/,
      manifest: /^\s*-?\s*(?:name:\s*)?["']?(UWSGI_\w+)["']?\s*(?:[:=]|$)/,
      unit: /^\s*Environment=.*?["'\s=](UWSGI_\w+)=/,
      requirements: /$^/,
    };
    // An ARG is in the environment of the build alone.
    return matches(file, patterns[file.kind], (match) =>
      /^\s*ARG/.test(match[0]) ? null : `${match[1]} becomes an option`,
    );
  },
};

const killMode: BesideRule = {
  id: 'kill-mode',
  code: 'W15',
  severity: 'warning',
  title: 'systemd signals the workers as well',
  does: 'With KillMode=control-group, the default, SIGTERM goes to every process: workers end at once, in the middle of requests, before the master can let them finish.',
  mend: 'Set KillMode=mixed.',
  page: page('Systemd'),
  kinds: ['unit'],
  find: (file) => {
    const set = /^\s*KillMode\s*=\s*(\S+)/m.exec(file.text)?.[1];
    if (set === 'mixed') return [];
    return matches(file, /^\s*(ExecStart)\s*=.*uwsgi/, () => `KillMode is ${set ?? 'control-group'}`).slice(
      0,
      1,
    );
  },
};

const blockingDriver: BesideRule = {
  id: 'blocking-driver',
  code: 'W5',
  severity: 'warning',
  title: 'gevent, and a driver that waits in C',
  does: 'While one greenlet waits in such a driver, no other of its process goes on: there are as many requests at once as processes.',
  mend: 'Take a driver that waits through Python’s sockets, or serve with threads.',
  page: page('Gevent'),
  kinds: ['requirements'],
  find: (file, judge) => {
    if (judge === null) return [];
    return matches(file, /^[ \t]*([A-Za-z0-9][\w.-]*[^#\n]*)/, ([, requirement = '']) => {
      const found = judge(requirement.trim());
      return found && `${requirement.trim()}: ${found.why}${found.fix === null ? '' : `. ${found.fix}`}`;
    });
  },
};

const notDescribed: BesideRule = {
  id: 'descriptor-twice',
  code: 'M4',
  severity: 'warning',
  title: 'a socket by its number while systemd announces it too',
  does: 'With LISTEN_FDS in the environment uWSGI takes the descriptor a second time: 4 of 225 requests failed while instances were swapped.',
  mend: 'Start it by env -u LISTEN_PID -u LISTEN_FDS -u LISTEN_FDNAMES uwsgi …',
  page: page('Systemd'),
  kinds: ['unit'],
  find: (file) =>
    matches(
      file,
      /^\s*ExecStart\s*=(?!.*-u LISTEN_FDS).*(fd:\/\/\d+)/,
      (match) => `${match[1]} with LISTEN_FDS set`,
    ),
};

// Distributions without updates; those of the images that are named by their release.
const ENDED =
  /^(centos:(5|6|7|8|latest)|centos|.*centos\/centos:7|debian:(stretch|buster|jessie|[89]|10)(\D|$)|ubuntu:(14|16|18)\.04|python:(2|3\.[0-8])(\D|$)|fedora:(2|3)\d(\D|$)|rockylinux:8\.[0-9]$|alpine:3\.([0-9]|1[0-7])$)/;

const endOfLife: BesideRule = {
  id: 'end-of-life-base',
  code: 'W16',
  severity: 'warning',
  title: 'a base image without updates',
  does: 'Its packages get no security updates, and the mirrors of some are gone: the build fails one day.',
  mend: 'Use a release that is cared for. On CentOS 7 the repositories are at vault.centos.org, and Python 3.6 ends at Flask 2.0.3 and gevent 22.10.2.',
  page: '',
  kinds: ['dockerfile'],
  find: (file) =>
    matches(file, /^\s*FROM\s+(?:--\S+\s+)*(\S+)/, (match) => {
      const image = (match[1] ?? '').replace(/^docker\.io\/(library\/)?/, '').replace(/@.*$/, '');
      return ENDED.test(image) ? `${match[1]} is at the end of its life` : null;
    }),
};

const overridden: BesideRule = {
  id: 'flag-before-file',
  code: 'W18',
  severity: 'warning',
  title: 'a flag before the ini that the ini overrides',
  does: 'A file named without --ini is read after every flag: for an option with one value the file wins.',
  mend: 'Write --ini FILE before the flags.',
  page: page('Configuration'),
  kinds: ['dockerfile', 'unit', 'manifest'],
  find: (file) =>
    matches(
      file,
      /\buwsgi["']?[,\s](?:.*?[\s"'])?(--[a-z][a-z-]*)(?!.*--ini\b).*[\s"']([^\s"'=]+\.ini)\b/,
      (match) => {
        if (/--ini\b/.test(match[0]) || /^--(ini|plugins?|need-plugins?)$/.test(match[1] ?? '')) return null;
        return `${match[1]} is overridden by ${match[2]}`;
      },
    ),
};

const shellForm: BesideRule = {
  id: 'shell-form',
  code: 'W19',
  severity: 'warning',
  title: 'uWSGI started by a shell',
  does: 'Process 1 is a shell, which does not pass SIGTERM on: docker stop waits ten seconds and kills.',
  mend: 'Write the JSON form, ["uwsgi", "--ini", …], or exec uwsgi in the script.',
  page: page('Systemd'),
  kinds: ['dockerfile'],
  find: (file) =>
    matches(
      file,
      /^\s*(ENTRYPOINT|CMD)\s+(?!\[)(?!exec\s)(?=.*\buwsgi\b)/,
      (match) => `${match[1]} in the form of the shell`,
    ),
};

const pyuwsgi: BesideRule = {
  id: 'pyuwsgi',
  code: 'M5',
  severity: 'warning',
  title: 'pyuwsgi instead of uwsgi',
  does: 'The wheel has no gevent plugin and no SSL; in a virtual environment a reload runs the Python of the system, and 12 of 60 requests failed.',
  mend: 'Install uwsgi, which is built for your interpreter.',
  page: page('Install'),
  kinds: ['dockerfile', 'requirements'],
  find: (file) =>
    matches(
      file,
      file.kind === 'requirements' ? /^\s*(pyuwsgi)\b/ : /\bpip3?\b.*install.*\s["']?(pyuwsgi)\b/,
      () => 'pyuwsgi has no gevent',
    ),
};

/** Every rule over the files beside an ini. */
export const BESIDE_RULES: readonly BesideRule[] = [
  uwsgiEnvironment,
  blockingDriver,
  killMode,
  notDescribed,
  endOfLife,
  overridden,
  shellForm,
  pyuwsgi,
];
