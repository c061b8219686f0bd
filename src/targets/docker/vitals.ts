import type Docker from 'dockerode';
import { containerLayout } from '../../plan/layout.js';
import { type LogLine, lastError } from '../../uwsgi/last-error.js';
import { type StatsSummary, summarizeSamples } from '../../uwsgi/stats.js';
import { type ContainerStatus, LIFELESS, type Vitals } from '../target.js';
import { containerLog } from './container.js';
import { exec } from './exec.js';
import { containerMemory } from './memory.js';
import { probe } from './probe.js';

type Info = Docker.ContainerInspectInfo;

const SAMPLE_SECONDS = 1;
const LOG_LINES = 400;

/** How the server in a container is, measured over a second. */
export async function serverVitals(docker: Docker, info: Info): Promise<Vitals> {
  const container = docker.getContainer(info.Id);
  const [samples, memory, log] = await Promise.all([
    info.State.Running ? sample(container) : null,
    memoryOf(docker, info),
    containerLog(container, LOG_LINES, { timestamps: true }),
  ]);
  return {
    stats: samples?.stats ?? null,
    requestsPerSecond: samples?.requestsPerSecond ?? null,
    memory,
    restarts: { service: info.RestartCount, workers: samples?.stats.restarts ?? 0 },
    lastError: newest([lastError(log.split('\n').map(timedLine)), killedForMemory(info)]),
  };
}

/** Bytes a container holds of its limit; null when it does not run. */
async function memoryOf(docker: Docker, { Id, State, HostConfig }: Info): Promise<Vitals['memory']> {
  const bytes = State.Running ? await containerMemory(docker.getContainer(Id)) : null;
  return bytes === null ? null : { bytes, limitBytes: HostConfig.Memory || null };
}

/** The line of a table for a container. */
export function containerStatus(name: string, info: Info, vitals: Vitals): ContainerStatus {
  const { stats, requestsPerSecond, memory, restarts } = vitals;
  return {
    name,
    id: info.Id.slice(0, 12),
    state: info.State.Status,
    health: info.State.Health?.Status ?? null,
    startedAt: info.State.StartedAt,
    ...{ stats, requestsPerSecond, memory, restarts },
  };
}

/** What several servers are together; of what is not known of one of them nothing is said. */
export function sumVitals(all: readonly Vitals[]): Vitals {
  const known = <T>(pick: (one: Vitals) => T | null): T[] | null => {
    const values = all.map(pick).filter((value) => value !== null);
    return values.length > 0 && values.length === all.length ? values : null;
  };
  const total = <T>(values: T[], pick: (value: T) => number): number =>
    values.reduce((sum, value) => sum + pick(value), 0);
  const stats = known((one) => one.stats);
  const rates = known((one) => one.requestsPerSecond);
  const memory = known((one) => one.memory);
  const limits = memory?.map(({ limitBytes }) => limitBytes ?? 0) ?? [];
  const restarts = known((one) => one.restarts);
  return {
    stats: stats && sumStats(stats),
    requestsPerSecond: rates && total(rates, (rate) => rate),
    memory: memory && {
      bytes: total(memory, ({ bytes }) => bytes),
      limitBytes: limits.includes(0) ? null : total(limits, (limit) => limit),
    },
    restarts: restarts && {
      service: total(restarts, ({ service }) => service),
      workers: total(restarts, ({ workers }) => workers),
    },
    lastError: newest(all.map((one) => one.lastError)),
  };
}

/** Of a container whose server is not asked: nginx. */
export async function plainVitals(docker: Docker, info: Info): Promise<Vitals> {
  const memory = await memoryOf(docker, info);
  return { ...LIFELESS, memory, restarts: { service: info.RestartCount, workers: 0 } };
}

async function sample(container: Docker.Container): Promise<ReturnType<typeof summarizeSamples> | null> {
  const argv = probe({ layout: containerLayout('.') }, 'sample', String(SAMPLE_SECONDS));
  const { exitCode, stdout } = await exec(container, argv, { limit: 15 });
  return exitCode === 0 ? summarizeSamples(stdout) : null;
}

// The engine puts the time in front of each line: 2026-11-26T07:28:10.966771610Z
function timedLine(line: string): LogLine {
  const [, at = null, text = line] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.*)$/.exec(line) ?? [];
  return { at: at && new Date(at).toISOString(), text };
}

function killedForMemory({ State }: Info): LogLine | null {
  return State.OOMKilled ? { at: State.FinishedAt, text: 'killed by the kernel: out of memory' } : null;
}

function newest(lines: readonly (LogLine | null)[]): LogLine | null {
  const there = lines.filter((line) => line !== null);
  return there.sort((a, b) => (a.at ?? '').localeCompare(b.at ?? '')).at(-1) ?? null;
}

const COUNTED = [
  'workers',
  'ready',
  'hung',
  'slots',
  'busy',
  'requests',
  'exceptions',
  'restarts',
  'queue',
  'queueMax',
] as const;

function sumStats(all: readonly StatsSummary[]): StatsSummary | null {
  const [first] = all;
  if (!first) return null;
  const sum = (key: (typeof COUNTED)[number]): number => all.reduce((total, one) => total + one[key], 0);
  return { ...first, ...Object.fromEntries(COUNTED.map((key) => [key, sum(key)])) };
}
