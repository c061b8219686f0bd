/** A line of Python that kept the hub from running. */
export interface BlockingFrame {
  file: string;
  /** 1-based. */
  line: number;
  function: string;
  /** The source line; empty when it could not be read. */
  code: string;
  /** The library's line that it waited in, `FILE:LINE function`; null where it waits itself. */
  within: string | null;
  /** How many reports name it. */
  reports: number;
}

interface Frame {
  file: string;
  line: number;
  function: string;
  code: string;
}

const FRAME = /^\s*File "(.+)", line (\d+), in (.+)$/;
const LIBRARY = /\/(site|dist)-packages\/|\/lib(64)?\/python3\.\d+\/|^<frozen /;

/**
 * The lines that gevent's monitor thread found at work while no other greenlet ran, most often named first
 * (gevent/_monitor.py, "appears to be blocked"). Of a stack it is the innermost line of the application's own; a stack
 * without one is only the library's. What blocks while modules are imported is not meant.
 */
export function blockingFrames(log: string): BlockingFrame[] {
  const found = new Map<string, BlockingFrame>();
  for (const stack of blockedStacks(log.split('\n'))) {
    const innermost = stack.at(-1);
    if (!innermost || stack.some(({ file }) => file.includes('importlib._bootstrap'))) continue;
    const own = stack.findLast(({ file }) => !LIBRARY.test(file)) ?? innermost;
    const within = own === innermost ? null : `${innermost.file}:${innermost.line} ${innermost.function}`;
    const key = `${own.file}:${own.line}`;
    const before = found.get(key);
    found.set(key, { ...own, within, reports: (before?.reports ?? 0) + 1 });
  }
  return [...found.values()].sort((a, b) => b.reports - a.reports || (a.file < b.file ? -1 : 1));
}

// A stack is written in one piece a line, but two workers may write at once: what is no frame ends it.
function blockedStacks(lines: string[]): Frame[][] {
  return lines.flatMap((line, at) => (line.startsWith('Blocked Stack ') ? [framesFrom(lines, at + 1)] : []));
}

function framesFrom(lines: string[], start: number): Frame[] {
  const frames: Frame[] = [];
  for (let at = start; at < lines.length; ) {
    const match = FRAME.exec(lines[at] ?? '');
    if (!match) break;
    const next = lines[at + 1] ?? '';
    const code = FRAME.test(next) || next.trim() === '' ? '' : next.trim();
    frames.push({ file: match[1] ?? '', line: Number(match[2]), function: match[3] ?? '', code });
    at += code === '' ? 1 : 2;
    // Python 3.11 and later underline the part of the line that runs.
    if (/^\s*[~^]+\s*$/.test(lines[at] ?? '')) at++;
  }
  return frames;
}
