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
const UNABLE = 'unable to load app 0 ';

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
  if (lines.some((line) => line.startsWith(UNABLE))) {
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

function grep(lines: string[], pattern: RegExp): string | undefined {
  return lines.find((line) => pattern.test(line));
}

// Lines of the master and of other workers that can fall between the lines of a traceback.
const NOISE =
  /^(spawned uWSGI |\*\*\* |running "|WSGI app |OOPS ! |goodbye |\w{3} \w{3} +\d+ [\d:]+ \d{4} - |SIGINT\/SIGTERM)/;

// Every worker that loads the application itself prints its own traceback, and two can be written into each other, line
// by line. Lines in the order they first came are the one traceback that both are.
function firstTraceback(all: string[]): string | undefined {
  const lines = all.filter((line) => !NOISE.test(line));
  const isHead = (line: string): boolean => line.startsWith('Traceback (most recent call last):');
  const heads = lines.flatMap((line, index) => (isHead(line) ? [index] : []));
  // A syntax error in the module itself has no head: it begins with the place.
  if (heads.length === 0)
    heads.push(...lines.flatMap((line, i) => (/^\s+File ".*", line \d+$/.test(line) ? [i] : [])));
  const blocks = heads.map((head) => lines.slice(head, endOfTraceback(lines, head + 1)));
  if (heads[0] === undefined) return undefined;
  const end = lines.findIndex((line) => line.startsWith(UNABLE));
  const merged = [...new Set(lines.slice(heads[0], end < 0 ? undefined : end))];
  // A chain repeats its first line, which merging would drop: its first whole copy is taken as it is.
  const chained = lines.some((_, index) => isChained(lines, index));
  const candidates = chained ? [...blocks, merged] : [merged, ...blocks];
  // uWSGI interrupts the other workers when one has failed: that says nothing about the application.
  const told = [...candidates, ...blocks].filter((block) => !/^KeyboardInterrupt\b/.test(block.at(-1) ?? ''));
  return (told.find(isWhole) ?? told[0])?.join('\n');
}

function isWhole(block: string[]): boolean {
  return /^[A-Za-z_]\S*(:|$)/.test(block.at(-1) ?? '') && block.some((line) => /^\s+File "/.test(line));
}

// A traceback runs to the first line that is neither indented nor blank, the exception itself; chained ones ("During
// handling of the above exception") follow and belong to it.
function endOfTraceback(lines: string[], from: number): number {
  let end = from;
  while (end < lines.length && /^(\s|$)/.test(lines[end] ?? '')) end++;
  end++;
  if (!isChained(lines, end)) return Math.min(end, lines.length);
  const head = lines.findIndex((line, index) => index >= end && line.startsWith('Traceback'));
  return head < 0 ? Math.min(end, lines.length) : endOfTraceback(lines, head + 1);
}

function isChained(lines: string[], index: number): boolean {
  const next = lines.slice(index, index + 3).join(' ');
  return /During handling of the above exception|direct cause of the following exception/.test(next);
}
