import { readAb, readHey, readOha, readWrk } from './read.js';
import type { CrossLoad, CrossReading, CrossTool } from './types.js';

interface Tool {
  /** Argument lists to try in order, until one is understood. */
  commands(load: CrossLoad): string[][];
  /** Throws a sentence when the output is not the tool's. */
  read(stdout: string): CrossReading;
  bias(load: CrossLoad): string[];
  /** How to get it. */
  install: string;
}

// wrk leaves out of its statistics what takes longer than its limit, which is 2 s unless it is told otherwise.
const WRK_TIMEOUT_S = 30;

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

/** Everything that differs from tool to tool (bench.md §1, §3, §4.4). */
export const CROSS_TOOLS: Record<CrossTool, Tool> = {
  ab: {
    commands: ({ url, host, requests, concurrency, keepAlive, timeoutMs }) => [
      [
        ...['ab', '-q', '-l', '-r', ...(keepAlive ? ['-k'] : []), '-s', String(seconds(timeoutMs))],
        ...['-n', String(requests), '-c', String(concurrency), '-H', `Host: ${host}`, url],
      ],
    ],
    read: readAb,
    bias: () => [
      'ab >= 2.4.33 sends its first request alone and opens the other connections when that one is answered.',
      'Its "time per request" is clients over rate, not a measured latency; the latencies here are from its table.',
    ],
    install: 'apt-get install apache2-utils',
  },
  wrk: {
    commands: ({ url, host, concurrency, keepAlive, makespanMs }) => [
      [
        ...['wrk', '-t1', `-c${concurrency}`, `-d${Math.max(2, seconds(makespanMs))}s`, '--latency'],
        ...['--timeout', `${WRK_TIMEOUT_S}s`, '-H', `Host: ${host}`],
        ...(keepAlive ? [] : ['-H', 'Connection: close']),
        url,
      ],
    ],
    read: readWrk,
    bias: () => [
      'wrk knows no number of requests: it runs for a time and leaves out what is unanswered at its end.',
      `It drops latencies above its time limit, 2 s unless told otherwise; here it was told ${WRK_TIMEOUT_S} s.`,
      'It counts a read error where the server ends an answer by closing, although the answer is right; such errors are left out here.',
    ],
    install: 'apt-get install wrk',
  },
  oha: {
    commands: ({ url, host, requests, concurrency, keepAlive, timeoutMs }) => {
      const load = [
        ...['-n', String(requests), '-c', String(concurrency), '-t', `${seconds(timeoutMs)}s`, '-r', '0'],
        ...['--host', host, ...(keepAlive ? [] : ['--disable-keepalive']), url],
      ];
      // Before 1.9 it had another name for it.
      return [
        ['oha', '--no-tui', '--output-format', 'json', ...load],
        ['oha', '--no-tui', '-j', ...load],
      ];
    },
    read: readOha,
    bias: () => ['oha counts answers of every status as requests/s, errors of the server among them.'],
    install: 'cargo install oha (or brew install oha)',
  },
  hey: {
    commands: ({ url, host, requests, concurrency, keepAlive, timeoutMs }) => [
      [
        ...['hey', '-n', String(requests), '-c', String(concurrency), '-t', String(seconds(timeoutMs))],
        ...[...(keepAlive ? [] : ['-disable-keepalive']), '-disable-redirects', '-host', host, url],
      ],
    ],
    read: readHey,
    bias: ({ requests, concurrency }) => [
      'hey counts answers of every status as requests/s.',
      ...(requests % concurrency === 0
        ? []
        : [
            `It sends the same number of requests from each client: ${concurrency * Math.floor(requests / concurrency)} of ${requests}.`,
          ]),
    ],
    install: 'apt-get install hey',
  },
};
