import type { BenchResult, ErrorClass, GeneratorHealth } from '../../bench/types.js';
import { milliseconds, percent, whole } from '../numbers.js';
import { html, type Markup } from './markup.js';
import { section, table } from './section.js';
import type { HtmlInput } from './types.js';

/** Errors in words. */
export function errorSection({ bench, openLoop = bench.openLoop }: HtmlInput): Markup | null {
  const { throughput, soak } = bench;
  if (throughput === null && openLoop === undefined && soak === undefined) return null;
  const dropped = openLoop?.dropped ?? 0;
  const lines = [
    ...(throughput?.errorWords ?? []),
    ...classWords('open loop', openLoop?.errors ?? {}),
    ...(dropped > 0 ? [`open loop: ${whole(dropped)} × arrival that could not be started in time`] : []),
    ...(soak?.parts ?? []).flatMap(({ errors }, i) => classWords(`soak, part ${i + 1}`, errors)),
  ];
  const items = lines.map((words) => html`<li>${words}</li>`);
  return section(
    'errors',
    'Errors',
    throughput === null ? null : answersText(throughput),
    items.length === 0 ? html`<p>None.</p>` : html`<ul class="errors">${items}</ul>`,
  );
}

function answersText({ requests, statuses }: NonNullable<BenchResult['throughput']>): string {
  const answers = Object.entries(statuses).map(([status, count]) => `${whole(count)} × HTTP ${status}`);
  return `Of ${whole(requests)} requests of the closed loop: ${answers.join(', ') || 'no answer'}.`;
}

function classWords(load: string, errors: Partial<Record<ErrorClass, number>>): string[] {
  return Object.entries(errors).map(
    ([name, count]) => `${load}: ${whole(count)} × ${name.replaceAll('_', ' ')}`,
  );
}

/** Whether the numbers are the server's and not the generator's. */
export function healthSection({ bench, openLoop = bench.openLoop }: HtmlInput): Markup | null {
  const loads: [string, GeneratorHealth | undefined][] = [
    ['closed loop', bench.throughput?.health],
    ['open loop', openLoop?.health],
    ['interference', bench.interference?.health],
    ['soak', bench.soak?.health],
  ];
  const known = loads.filter((load): load is [string, GeneratorHealth] => load[1] !== undefined);
  if (known.length === 0) return null;
  const sentences = known.flatMap(([load, { problems, warnings }]) =>
    [...problems, ...warnings].map((text) => html`<li>${load}: ${text}</li>`),
  );
  return section('generator', 'Load generator', state(known.map(([, health]) => health)), [
    table(['load', 'busy', 'late (p99)', 'clients kept busy'], known.map(healthRow)),
    sentences.length === 0 ? null : html`<ul class="errors">${sentences}</ul>`,
  ]);
}

function state(all: readonly GeneratorHealth[]): string {
  if (all.some(({ problems }) => problems.length > 0))
    return 'It was the limit: the server may be faster than measured.';
  if (all.some(({ warnings }) => warnings.length > 0)) return 'It was not at ease; the numbers count.';
  return 'It was at ease: what was measured is the server.';
}

function healthRow([load, { loopUtilization, loopDelayP99Ms, littleRatio }]: [
  string,
  GeneratorHealth,
]): string[] {
  const kept = littleRatio === null ? '–' : percent(littleRatio);
  return [load, percent(loopUtilization), milliseconds(loopDelayP99Ms), kept];
}

/** Where it was measured. */
export function environmentSection({ bench, environment }: HtmlInput): Markup {
  const { url, route } = bench.endpoint;
  const { cpus, cpuModel, memoryBytes, node, ...others } = environment;
  const entries = Object.entries({
    address: `${url}${bench.path}`,
    route: route.note,
    date: others.date,
    ...(others.target === null ? {} : { target: others.target }),
    machine: others.machine,
    'CPUs here': `${cpus} × ${cpuModel}`,
    'memory here': `${Math.round(memoryBytes / 1024 ** 3)} GB`,
    'Node.js': node,
  });
  const items = entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return section('environment', 'Environment', null, html`<dl class="facts">${items}</dl>`);
}
