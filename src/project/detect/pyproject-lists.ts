import { isTable } from '../key-path.js';
import { poetryRequirements } from './poetry-requirement.js';

type Table = Record<string, unknown>;

/**
 * Everything a pyproject.toml asks for, as PEP 508 text: [project] (PEP 621), else [tool.poetry.dependencies]; then the
 * named extras and groups: [project.optional-dependencies], [dependency-groups] (PEP 735), [tool.poetry.group].
 */
export function pyprojectSpecs(document: Table, groups: readonly string[]): string[] {
  const poetry = tableAt(document, 'tool', 'poetry');
  const main = texts(tableAt(document, 'project')['dependencies']);
  return [
    ...(main.length > 0 ? main : poetrySpecs(poetry, groups)),
    ...groups.flatMap((group) => groupSpecs(document, group)),
  ];
}

/** Names that app.groups may hold: the extras and groups of the file. */
export function groupNames(document: Table): string[] {
  return [
    ...Object.keys(tableAt(document, 'project', 'optional-dependencies')),
    ...Object.keys(tableAt(document, 'dependency-groups')),
    ...Object.keys(tableAt(document, 'tool', 'poetry', 'group')),
    ...Object.keys(tableAt(document, 'tool', 'poetry', 'extras')),
  ];
}

/** The table at a path; an empty one when there is none. */
export function tableAt(document: Table, ...path: string[]): Table {
  const found = path.reduce<unknown>((value, key) => (isTable(value) ? value[key] : undefined), document);
  return isTable(found) ? found : {};
}

function groupSpecs(document: Table, group: string, seen: readonly string[] = []): string[] {
  if (seen.includes(group)) return [];
  const listed = tableAt(document, 'dependency-groups')[group];
  const included = (Array.isArray(listed) ? listed : []).flatMap((each) => {
    if (typeof each === 'string') return [each];
    const other: unknown = isTable(each) ? each['include-group'] : undefined;
    return typeof other === 'string' ? groupSpecs(document, other, [...seen, group]) : [];
  });
  return [
    ...texts(tableAt(document, 'project', 'optional-dependencies')[group]),
    ...included,
    ...entries(tableAt(document, 'tool', 'poetry', 'group', group, 'dependencies')),
  ];
}

// An optional entry is installed with the extra that names it.
function poetrySpecs(poetry: Table, groups: readonly string[]): string[] {
  const wanted = groups.flatMap((group) => texts(tableAt(poetry, 'extras')[group]));
  const { python: _python, ...dependencies } = tableAt(poetry, 'dependencies');
  const installed = Object.entries(dependencies).filter(([name, value]) => {
    return !isTable(value) || value['optional'] !== true || wanted.includes(name);
  });
  return entries(Object.fromEntries(installed));
}

function entries(table: Table): string[] {
  return Object.entries(table).flatMap(([name, value]) => poetryRequirements(name, value));
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
