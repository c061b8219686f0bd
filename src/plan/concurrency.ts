import { DeploykitError } from '../errors.js';
import type { Decision, MachineFacts, ServerPlan, Topology } from './types.js';

interface Asked {
  processes: 'auto' | number;
  async?: number | undefined;
  threads?: number | undefined;
}

type Concurrency = Pick<ServerPlan, 'topology' | 'processes' | 'threads' | 'async' | 'slots'>;

// What one Python worker with a framework loaded needs before it has served anything.
const WORKER_BYTES = 128 * 1024 * 1024;

/**
 * Topology, processes and slots from what was asked and what the machine offers.
 * @throws DeploykitError DK_PLAN_ASYNC_TOO_SMALL, DK_PLAN_ASYNC_THREADS.
 */
export function planConcurrency(
  asked: Asked,
  facts: MachineFacts,
): { concurrency: Concurrency; decisions: Decision[] } {
  refuseWrongCombinations(asked);
  const topology: Topology = asked.async ? 'gevent' : (asked.threads ?? 1) > 1 ? 'threads' : 'sync';
  const processes = asked.processes === 'auto' ? autoProcesses(topology, facts) : asked.processes;
  const threads = topology === 'threads' ? (asked.threads ?? 1) : 1;
  const async = topology === 'gevent' ? (asked.async ?? 0) : 0;
  const slots = processes * (topology === 'gevent' ? async : threads);
  return {
    concurrency: { topology, processes, threads, async, slots },
    decisions: [
      { what: 'topology', value: topology, why: TOPOLOGY_WHY[topology] },
      {
        what: 'processes',
        value: String(processes),
        why: asked.processes === 'auto' ? autoWhy(topology, facts) : 'asked for',
      },
      { what: 'slots', value: String(slots), why: slotsWhy(topology, processes, threads, async) },
    ],
  };
}

/** Processes for `auto`: one a CPU where a process holds many requests, 2·CPU + 1 where it holds one; memory caps it. */
export function autoProcesses(topology: Topology, facts: MachineFacts): number {
  const cpus = Math.max(1, Math.floor(facts.cpus));
  const wanted = topology === 'sync' ? 2 * cpus + 1 : cpus;
  return Math.max(1, Math.min(wanted, memoryCap(facts)));
}

function memoryCap(facts: MachineFacts): number {
  return Math.max(1, Math.floor(facts.memoryBytes / WORKER_BYTES));
}

function refuseWrongCombinations({ async, threads }: Asked): void {
  if (async === undefined) return;
  if (async < 2) {
    throw new DeploykitError(
      'DK_PLAN_ASYNC_TOO_SMALL',
      `--async ${async}: uWSGI's gevent loop needs at least 2 greenlets`,
      {
        hint: 'Ask for 2 or more (100 is a common start), or leave --async out for one request a process.',
      },
    );
  }
  if ((threads ?? 1) > 1) {
    throw new DeploykitError(
      'DK_PLAN_ASYNC_THREADS',
      `async = ${async} together with threads = ${threads}: uWSGI sizes its memory for the threads and the gevent loop writes beyond it`,
      { hint: 'Choose one: --async for greenlets, or --threads for threads.' },
    );
  }
}

const TOPOLOGY_WHY: Record<Topology, string> = {
  sync: 'neither async nor threads was asked for: one request a process',
  threads: 'threads were asked for',
  gevent: 'async was asked for: greenlets, with the standard library patched before the app is imported',
};

function autoWhy(topology: Topology, facts: MachineFacts): string {
  const rule = topology === 'sync' ? '2 × CPUs + 1' : 'one a CPU';
  const cpus = `${Number(facts.cpus.toFixed(2))} CPUs`;
  const capped =
    autoProcesses(topology, facts) === memoryCap(facts) ? ', capped by memory (128 MB a worker)' : '';
  return `auto: ${rule}, ${cpus} (${facts.source})${capped}`;
}

function slotsWhy(topology: Topology, processes: number, threads: number, async: number): string {
  if (topology === 'gevent') return `${processes} processes × ${async} greenlets`;
  if (topology === 'threads') return `${processes} processes × ${threads} threads`;
  return `${processes} processes × 1 request`;
}
