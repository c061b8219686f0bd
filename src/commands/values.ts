import { InvalidArgumentError } from 'commander';
import { MOST_REPLICAS } from '../project/limits.js';
import { parseVersion, VERSIONS, type Version } from '../uwsgi/option-table/versions.js';

/** A whole number, `least` or more. */
export const whole =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least)
      throw new InvalidArgumentError(`It should be a whole number, ${least} or more.`);
    return value;
  };
/** `30`, `30s`, `2m`: seconds. */
export const seconds = (text: string): number => {
  const match = /^(\d+(?:\.\d+)?)(s|m)?$/.exec(text);
  if (!match?.[1]) throw new InvalidArgumentError('It should be a time such as 30, 30s or 2m.');
  return Number(match[1]) * (match[2] === 'm' ? 60 : 1);
};
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
/** `30m`, `2h`, `7d` ago, or a date: ms since the epoch. */
export const moment = (text: string): number => {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const at = count ? Date.now() - Number(count) * (UNITS[unit] ?? 1) * 1000 : Date.parse(text);
  if (Number.isNaN(at))
    throw new InvalidArgumentError('It should be a time such as 30m, 2h, 7d or 2026-11-26T10:00Z.');
  return at;
};
/** A number above 0. */
export const positive = (text: string): number => {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0)
    throw new InvalidArgumentError('It should be a number above 0.');
  return value;
};
/** `Name: value`, added to those before. */
export const header = (text: string, before: Record<string, string> = {}): Record<string, string> => {
  const match = /^([^:\s]+):\s*(.*?)\s*$/.exec(text);
  if (!match?.[1]) throw new InvalidArgumentError('It should look like "Name: value".');
  return { ...before, [match[1]]: match[2] ?? '' };
};
/** One more of those before. */
export const repeated = (text: string, before: string[] = []): string[] => [...before, text];
/** A number of processes, or auto. */
export const processes = (text: string): number | 'auto' => (text === 'auto' ? 'auto' : whole(1)(text));

/** A number of replicas. */
export const replicas = (text: string): number => {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= MOST_REPLICAS) return value;
  const instead = value === 0 ? ' To stop all of them: deploykit down.' : '';
  throw new InvalidArgumentError(`It should be a whole number from 1 to ${MOST_REPLICAS}.${instead}`);
};

/** A version of uWSGI that is known. */
export const uwsgiVersion = (text: string): Version => {
  const version = parseVersion(text);
  if (version) return version;
  throw new InvalidArgumentError(`It should be one of ${VERSIONS[0]} to ${VERSIONS.at(-1)}.`);
};
