import { closest } from '../closest.js';
import { DeploykitError } from '../errors.js';
import type { Comparator, Expectation, MetricName, MetricUnit } from './threshold.js';

interface Scale {
  unit: MetricUnit;
  /** Value of 1 in `unit`. */
  factor: number;
}

const TIME: Record<string, Scale> = {
  us: { unit: 'ms', factor: 0.001 },
  µs: { unit: 'ms', factor: 0.001 },
  ms: { unit: 'ms', factor: 1 },
  s: { unit: 'ms', factor: 1000 },
};
const PERCENT: Scale = { unit: 'share', factor: 0.01 };
const COUNT: Scale = { unit: 'count', factor: 1 };
const RATE: Scale = { unit: 'requests/s', factor: 1 };
const TIMES: Scale = { unit: 'times', factor: 1 };

// '' is a number without a unit.
const SCALES: Record<MetricName, Record<string, Scale>> = {
  min: TIME,
  mean: TIME,
  p50: TIME,
  p90: TIME,
  p99: TIME,
  max: TIME,
  slots: { '': COUNT },
  ratio: { '': TIMES, x: TIMES, '×': TIMES },
  rps: { '': RATE, '/s': RATE },
  errors: { '': COUNT, '%': PERCENT },
  efficiency: { '%': PERCENT },
};
const METRICS = Object.keys(SCALES) as MetricName[];

const SHAPE = /^([a-z]\w*)\s*(<=|>=|==|=|<|>)\s*(\d+(?:\.\d+)?|\.\d+)\s*([^\d\s.]*)$/i;
const HINT = "For example 'p99<250ms', 'slots=200', 'rps>=100', 'errors<0.1%', 'ratio>=4'.";

/**
 * Reads one expectation of `--expect` or of `[bench]`.
 * @throws DeploykitError DK_USAGE for an unknown metric (with the nearest one), a unit that does not fit, anything else.
 */
export function parseExpectation(text: string): Expectation {
  const [, name = '', comparator = '', digits = '', unitText = ''] = SHAPE.exec(text.trim()) ?? [];
  if (name === '') throw usage(`the expectation '${text}' is not a metric, a comparison and a number`, HINT);
  const metric = METRICS.find((known) => known === name.toLowerCase());
  if (metric === undefined) throw unknownMetric(text, name);
  const scales = SCALES[metric];
  const scale = Object.hasOwn(scales, unitText) ? scales[unitText] : undefined;
  if (scale === undefined) throw wrongUnit(text, metric, unitText);
  return {
    text: text.trim(),
    metric,
    comparator: (comparator === '==' ? '=' : comparator) as Comparator,
    value: Number(digits) * scale.factor,
    unit: scale.unit,
  };
}

function unknownMetric(text: string, name: string): DeploykitError {
  const near = closest(name, METRICS);
  const hint = near === undefined ? HINT : `Did you mean ${near}?`;
  return usage(
    `the expectation '${text}' names an unknown metric: ${name}`,
    `${hint} Known: ${METRICS.join(', ')}.`,
  );
}

function wrongUnit(text: string, metric: MetricName, unit: string): DeploykitError {
  const names = Object.keys(SCALES[metric]).map((known) => (known === '' ? 'no unit' : known));
  const given = unit === '' ? 'has no unit' : `has the unit ${unit}`;
  return usage(`the expectation '${text}' ${given}`, `${metric} is given with ${names.join(' or ')}.`);
}

function usage(message: string, hint: string): DeploykitError {
  return new DeploykitError('DK_USAGE', message, { hint });
}
