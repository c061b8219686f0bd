import { CROSS_TOOLS } from '../bench/cross-check/tools.js';
import type { CrossCheckResult, CrossLoad, CrossTool } from '../bench/cross-check/types.js';
import type { BenchResult } from '../bench/types.js';
import { type Endpoint, endpointUrl } from '../endpoint.js';
import { DeploykitError } from '../errors.js';
import { run } from '../host/run.js';
import { shellWord } from '../shell-word.js';
import type { BenchRequest } from './bench-side.js';
import type { Session } from './session.js';

const TIMEOUT_MS = 30_000;
// Beyond what ours took: a tool that queues behind its own connections may need several times as long.
const PATIENCE = 5;
const NOT_FOUND = 127;
// clap, which oha reads its arguments with, ends so for one it does not know.
const USAGE = 2;

/**
 * What a cross-check needs, looked at before anything is measured.
 * @throws DeploykitError DK_TOOL_MISSING; DK_USAGE for a load that the other tools cannot send alike.
 */
export async function checkCrossTool(
  tool: CrossTool,
  request: BenchRequest,
  endpoint: Endpoint,
): Promise<void> {
  const { rate, sweep, withPath, soakMs, throughput, method = 'GET', headers, body } = request;
  const named = [rate, sweep, withPath, soakMs].some((given) => given !== undefined) || throughput === false;
  if (named) throw refused(tool, 'repeats the closed loop, and there is none');
  if (method !== 'GET' || headers || body !== undefined)
    throw refused(tool, 'is for GET without own headers');
  if (endpoint.socketPath !== undefined) throw refused(tool, 'cannot reach a unix socket');
  const { exitCode } = await run([tool, '-h'], { timeoutMs: 5000 });
  if (exitCode !== NOT_FOUND) return;
  throw new DeploykitError('DK_TOOL_MISSING', `${tool} is not installed on this machine`, {
    hint: `Install it: ${CROSS_TOOLS[tool].install}`,
  });
}

/**
 * Repeats the closed loop of a bench with another tool. Null when the bench has none to repeat.
 * @throws DeploykitError DK_TOOL_FAILED with what the tool said.
 */
export async function crossCheck(
  tool: CrossTool,
  { throughput, path }: BenchResult,
  endpoint: Endpoint,
  { reporter, signal }: Pick<Session, 'reporter' | 'signal'>,
): Promise<CrossCheckResult | null> {
  if (throughput === null) return null;
  const { requests, concurrency, keepAlive, makespanMs, requestsPerSecond, abWouldPrint } = throughput;
  const load: CrossLoad = {
    url: `${endpointUrl(endpoint)}${path}`,
    host: endpoint.hostHeader,
    requests,
    // None of them opens more connections than it has requests.
    concurrency: Math.min(concurrency, requests),
    keepAlive,
    timeoutMs: TIMEOUT_MS,
    makespanMs,
  };
  const { commands, read, bias } = CROSS_TOOLS[tool];
  reporter.step(`Cross-check: the same load by ${tool}`);
  const timeoutMs = TIMEOUT_MS + PATIENCE * makespanMs;
  const { command, stdout } = await first(tool, commands(load), { signal, timeoutMs });
  const reading = readOr(tool, read, stdout);
  const expected = tool === 'ab' ? abWouldPrint : requestsPerSecond;
  return {
    tool,
    command,
    ...reading,
    expected,
    ratio: reading.requestsPerSecond / expected,
    bias: bias(load),
  };
}

async function first(
  tool: CrossTool,
  commands: readonly string[][],
  options: { signal: AbortSignal; timeoutMs: number },
): Promise<{ command: string[]; stdout: string }> {
  let said = '';
  for (const command of commands) {
    const { exitCode, stdout, all } = await run(command, options);
    if (exitCode === 0) return { command, stdout };
    said = `$ ${command.map(shellWord).join(' ')}\n${all}`;
    if (exitCode !== USAGE) break;
  }
  throw failed(tool, 'failed', said);
}

function readOr<T>(tool: CrossTool, read: (text: string) => T, stdout: string): T {
  try {
    return read(stdout);
  } catch (error) {
    throw failed(tool, (error as Error).message, stdout);
  }
}

function failed(tool: CrossTool, what: string, output: string): DeploykitError {
  return new DeploykitError('DK_TOOL_FAILED', `${tool}: ${what}`, {
    excerpt: output.trim().split('\n').slice(-15).join('\n'),
    hint: 'Its own words are above; without --cross-check the bench does not need it.',
  });
}

function refused(tool: CrossTool, what: string): DeploykitError {
  return new DeploykitError('DK_USAGE', `--cross-check ${tool} ${what}`);
}
