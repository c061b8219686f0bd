/** Why a uWSGI instance did not come up, read from what it printed. */
export type BootFailure =
  | { kind: 'gevent-missing'; detail: string }
  | { kind: 'gevent-broken'; detail: string }
  | { kind: 'port-taken'; detail: string }
  | { kind: 'app-import'; detail: string }
  | { kind: 'app-callable'; detail: string }
  | { kind: 'unknown-option'; detail: string }
  | { kind: 'listen-too-long'; detail: string }
  | { kind: 'other'; detail: string };

const TAIL_LINES = 25;

/** The failure, most specific first; `other` carries the last 25 lines. Message texts: uWSGI 2.0.31. */
export function readBootFailure(log: string): BootFailure {
  const lines = log.split(/\r?\n/);
  const traceback = firstTraceback(lines);
  const option = grep(lines, /^\[strict-mode\] unknown config directive: (.*)$/);
  if (option) {
    const name = option.split(': ').at(-1) ?? '';
    return /^gevent/.test(name)
      ? { kind: 'gevent-missing', detail: option }
      : { kind: 'unknown-option', detail: option };
  }
  if (!traceback) {
    const missing = grep(lines, /^(ModuleNotFoundError|ImportError): No module named '?gevent/);
    if (missing) return { kind: 'gevent-missing', detail: missing };
  }
  const broken = grep(lines, /undefined symbol|^ImportError: .*(_ssl|gevent)/);
  if (broken) return { kind: 'gevent-broken', detail: traceback ?? broken };
  const bind = grep(lines, /^(bind\(\): Address already in use|probably another instance of uWSGI)/);
  if (bind) return { kind: 'port-taken', detail: bind };
  const listen = grep(lines, /^Listen queue size is greater than the system max/);
  if (listen) return { kind: 'listen-too-long', detail: listen };
  if (grep(lines, /^unable to load app 0 /)) {
    // uWSGI prints the same sentence for both; only an import error prints the exception.
    const evidence = traceback ?? grep(lines, /^[A-Za-z_.]*(Error|Exception): /);
    return evidence
      ? { kind: 'app-import', detail: evidence }
      : { kind: 'app-callable', detail: 'callable not found' };
  }
  return {
    kind: 'other',
    detail: lines
      .filter((line) => line.trim() !== '')
      .slice(-TAIL_LINES)
      .join('\n'),
  };
}

/** Whether the log says the loop engine that async needs is the one that runs. */
export function operationalMode(log: string): string | undefined {
  return /\*\*\* Operational MODE: (.+?) \*\*\*/.exec(log)?.[1];
}

function grep(lines: string[], pattern: RegExp): string | undefined {
  return lines.find((line) => pattern.test(line));
}

// A traceback runs from its head to the first line that is neither indented nor blank: the exception itself; chained
// ones ("During handling of the above exception") follow and belong to it.
function firstTraceback(lines: string[]): string | undefined {
  const start = lines.findIndex((line) => line.startsWith('Traceback (most recent call last):'));
  if (start < 0) {
    const syntax = lines.findIndex((line) => /^\s+File ".*", line \d+$/.test(line));
    return syntax < 0 ? undefined : lines.slice(syntax, endOfTraceback(lines, syntax)).join('\n');
  }
  return lines.slice(start, endOfTraceback(lines, start + 1)).join('\n');
}

function endOfTraceback(lines: string[], from: number): number {
  let end = from;
  while (end < lines.length && /^(\s|$)/.test(lines[end] ?? '')) end++;
  end++;
  while (end < lines.length && isChained(lines, end)) {
    const head = lines.findIndex((line, index) => index >= end && line.startsWith('Traceback'));
    if (head < 0) break;
    return endOfTraceback(lines, head + 1);
  }
  return Math.min(end, lines.length);
}

function isChained(lines: string[], index: number): boolean {
  const next = lines.slice(index, index + 3).join(' ');
  return /During handling of the above exception|direct cause of the following exception/.test(next);
}
