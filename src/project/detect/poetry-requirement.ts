import { isTable } from '../key-path.js';
import { redactUrl } from './redact-url.js';

/**
 * The requirements (PEP 508) that one entry of [tool.poetry.dependencies] or of a Pipfile stands for: `^3.1`, `*`, or a
 * table with version, extras, markers, git, path, url. Several where a table gives a version for each Python.
 */
export function poetryRequirements(name: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => poetryRequirements(name, each));
  if (typeof value === 'string') return [`${name}${poetryVersions(value)}`];
  if (!isTable(value)) return [];
  const text = (key: string): string | undefined => {
    const found = value[key];
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  const folder = text('path');
  if (folder !== undefined) return [/^[./]/.test(folder) ? folder : `./${folder}`];
  const extras = Array.isArray(value['extras']) ? `[${value['extras'].join(',')}]` : '';
  const marker = markerOf(text);
  const address = text('git') === undefined ? (text('url') ?? text('file')) : gitAddress(text);
  const what = address === undefined ? poetryVersions(text('version') ?? '*') : ` @ ${redactUrl(address)}`;
  return [`${name}${extras}${what}${marker}`];
}

function markerOf(text: (key: string) => string | undefined): string {
  const python = text('python');
  const parts = [
    text('markers'),
    ...(python === undefined || python === '*' ? [] : pythonMarkers(poetryVersions(python))),
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return '';
  return ` ; ${parts.length === 1 ? parts[0] : parts.map((part) => `(${part})`).join(' and ')}`;
}

function pythonMarkers(specifier: string): string[] {
  return specifier.split(',').map((each) => each.replace(/^([=~!<>]+)(.*)$/, 'python_full_version $1 "$2"'));
}

function gitAddress(text: (key: string) => string | undefined): string {
  const commit = text('rev') ?? text('tag') ?? text('branch') ?? text('ref');
  const url = (text('git') ?? '').replace(/^git@([^:]+):/, 'ssh://git@$1/');
  const folder = text('subdirectory');
  return `git+${url}${commit ? `@${commit}` : ''}${folder ? `#subdirectory=${folder}` : ''}`;
}

/**
 * A constraint of poetry as PEP 440: `^1.2` is `>=1.2,<2`; what is PEP 440 already stays. Of alternatives (`||`) only the
 * lower bound of the first can be said.
 */
export function poetryVersions(constraint: string): string {
  const [first = '', ...others] = constraint.split('||').map((each) => each.trim());
  if (others.length > 0) {
    const bounds = poetryVersions(first).split(',');
    return bounds.find((each) => each.startsWith('>')) ?? '';
  }
  return constraint
    .split(/,|\s+(?=[\^~<>=!])/)
    .map((each) => each.trim())
    .flatMap(one)
    .join(',');
}

function one(constraint: string): string[] {
  if (constraint === '' || constraint === '*') return [];
  const [, operator = '', version = ''] =
    /^(\^|~=|~|===|==|=|!=|<=|>=|<|>)?\s*v?(.+)$/.exec(constraint) ?? [];
  const parts = version.split('.');
  if (operator === '^') return [`>=${version}`, `<${next(parts, Math.max(0, firstNonZero(parts)))}`];
  if (operator === '~') return [`>=${version}`, `<${next(parts, Math.min(1, parts.length - 1))}`];
  if (operator === '' || operator === '=') return [`==${version}`];
  return [`${operator}${version}`];
}

// ^0.2.3 changes at the first part that is not 0, as in poetry's documentation ("Caret requirements").
function firstNonZero(parts: readonly string[]): number {
  const index = parts.findIndex((part) => Number.parseInt(part, 10) > 0);
  return index < 0 ? parts.length - 1 : index;
}

function next(parts: readonly string[], index: number): string {
  return [...parts.slice(0, index), Number.parseInt(parts[index] ?? '0', 10) + 1].join('.');
}
