import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Finding } from '../types.js';
import { lineOf } from './line-of.js';
import { moduleFile } from './module-file.js';
import { children, type PythonNode, statementsIn, textOf } from './python-tree.js';
import { readText } from './read-text.js';

/** What the settings of a Django project tell of how it wants to be served. */
export interface DjangoFacts {
  /** A host name that ALLOWED_HOSTS accepts; null when `localhost` is accepted, or code decides. */
  host: Finding<string> | null;
  /** STATIC_URL = STATIC_ROOT, where the folder is there; in the form of [server] static. */
  static: Finding<Record<string, string>> | null;
  warnings: string[];
}

const NOTHING: DjangoFacts = { host: null, static: null, warnings: [] };
// `from .base import *`, which `from .common import *`: longer chains are circles.
const MAX_STEPS = 6;

interface Value {
  file: string;
  source: string;
  node: PythonNode;
}

/**
 * Reads the settings that a Django project's wsgi.py (or manage.py, or the environment) names; nothing is run, so that
 * only what is written as plain values counts.
 * @param appDir app.dir; `module` the module of the callable.
 * @param named DJANGO_SETTINGS_MODULE of [app] env.
 */
export async function readDjangoSettings(
  dir: string,
  appDir: string,
  module: string,
  named: string | undefined,
): Promise<DjangoFacts> {
  const settings = named ?? (await namedIn(dir, appDir, module));
  const values = settings === null ? new Map() : await valuesOf(dir, appDir, settings);
  if (values.size === 0) return NOTHING;
  const hosts = hostFacts(values);
  const files = await staticFacts(dir, values);
  return { host: hosts.host, static: files.static, warnings: [...hosts.warnings, ...files.warnings] };
}

async function namedIn(dir: string, appDir: string, module: string): Promise<string | null> {
  for (const file of [await moduleFile(dir, appDir, module), path.posix.join(appDir, 'manage.py')]) {
    const text = file === null ? null : await readText(path.join(dir, file));
    const name = /DJANGO_SETTINGS_MODULE['"]\]?\s*[,=]\s*['"]([\w.]+)['"]/.exec(text ?? '')?.[1];
    if (name !== undefined) return name;
  }
  return null;
}

// The last assignment of each name, through star imports; what the file itself assigns goes before what it imports.
async function valuesOf(
  dir: string,
  appDir: string,
  settings: string,
  steps = 0,
): Promise<Map<string, Value>> {
  const file = await moduleFile(dir, appDir, settings);
  const source = file === null ? null : await readText(path.join(dir, file));
  if (file === null || source === null || steps > MAX_STEPS) return new Map();
  const { parser } = await import('@lezer/python');
  const parent = file.endsWith('/__init__.py') ? settings : settings.split('.').slice(0, -1).join('.');
  const values = new Map<string, Value>();
  for (const [, from = ''] of source.matchAll(/^from\s+(\.*[\w.]*)\s+import\s+\*/gm)) {
    const target = from.startsWith('.') ? `${parent}${from}` : from;
    for (const [name, value] of await valuesOf(dir, appDir, target, steps + 1)) values.set(name, value);
  }
  for (const statement of statementsIn(parser.parse(source).topNode, source)) {
    const [target, operator, node] = children(statement);
    const isPlain = statement.name === 'AssignStatement' && operator?.name === 'AssignOp';
    if (isPlain && target && node) values.set(textOf(target, source), { file, source, node });
  }
  return values;
}

function hostFacts(values: Map<string, Value>): Pick<DjangoFacts, 'host' | 'warnings'> {
  const value = values.get('ALLOWED_HOSTS');
  const hosts = value ? listOf(value) : [];
  const debug = values.get('DEBUG');
  if (value === undefined || hosts === null) return { host: null, warnings: [] };
  const place = { file: value.file, line: lineOf(value.source, value.node.from) };
  const isOff = debug !== undefined && textOf(debug.node, debug.source) === 'False';
  if (hosts.length === 0) {
    const why = `${place.file}:${place.line}: ALLOWED_HOSTS is empty and DEBUG is off: Django answers every request with 400`;
    return { host: null, warnings: isOff ? [why] : [] };
  }
  if (hosts.some((host) => host === '*' || host === 'localhost')) return { host: null, warnings: [] };
  // `.example.com` stands for the domain and all below it.
  const host = (hosts[0] ?? '').replace(/^\./, '');
  return { host: { value: host, why: 'ALLOWED_HOSTS accepts it', ...place }, warnings: [] };
}

async function staticFacts(
  dir: string,
  values: Map<string, Value>,
): Promise<Pick<DjangoFacts, 'static' | 'warnings'>> {
  const [url, root] = [values.get('STATIC_URL'), values.get('STATIC_ROOT')];
  const prefix = url ? plainText(url) : null;
  const folder = root ? folderOf(root, values) : null;
  if (!root || prefix === null || folder === null || /^\w+:|^\/\//.test(prefix))
    return { static: null, warnings: [] };
  const place = { file: root.file, line: lineOf(root.source, root.node.from) };
  if (folder === '.' || folder.startsWith('..')) return { static: null, warnings: [] };
  const isThere = await stat(path.join(dir, folder)).then(
    (info) => info.isDirectory(),
    () => false,
  );
  if (!isThere) {
    const text = `${place.file}:${place.line}: STATIC_ROOT is ${folder}, which is not there; run python manage.py collectstatic before an up`;
    return { static: null, warnings: [text] };
  }
  const key = `/${prefix.replace(/^\/|\/$/g, '')}`;
  if (key === '/') return { static: null, warnings: [] };
  return {
    static: { value: { [key]: folder }, why: 'STATIC_ROOT, as STATIC_URL', ...place },
    warnings: [],
  };
}

function listOf({ node, source }: Value): string[] | null {
  if (node.name !== 'ArrayExpression' && node.name !== 'TupleExpression') return null;
  const items = children(node).filter(({ name }) => !/^[[\](),]$|^Comment$/.test(name));
  const texts = items.map((item) => (item.name === 'String' ? plainText({ node: item, source }) : null));
  return texts.every((text) => text !== null) ? texts : null;
}

function plainText({ node, source }: Pick<Value, 'node' | 'source'>): string | null {
  return /^[rRuU]?(['"])([^'"\\]*)\1$/.exec(textOf(node, source))?.[2] ?? null;
}

// `BASE_DIR / "a" / "b"`, `os.path.join(BASE_DIR, "a")`, `str(…)` around either; relative to the project folder.
function folderOf(value: Value, values: Map<string, Value>): string | null {
  const text = textOf(value.node, value.source).replace(/^(?:str|Path|pathlib\.Path)\((.*)\)$/s, '$1');
  const base = /^(?:os\.path\.join\(\s*)?(\w+)\b/.exec(text)?.[1] ?? '';
  const parts = [...text.matchAll(/(['"])([^'"\\]*)\1/g)].map((match) => match[2] ?? '');
  const rest = text.replace(/(['"])[^'"\\]*\1/g, '').replace(/^(?:os\.path\.join\(\s*)?\w+/, '');
  const home = values.get(base);
  if (!home || parts.length === 0 || !/^[\s/,)]*$/.test(rest)) return null;
  const from = homeOf(home);
  if (from === null) return null;
  const folder = path.posix.join(from, ...parts);
  return folder.startsWith('..') || path.posix.isAbsolute(folder) ? null : folder;
}

// Path(__file__).resolve().parent.parent, os.path.dirname(os.path.dirname(…__file__…)), Path(__file__).parents[1].
function homeOf({ file, node, source }: Value): string | null {
  const text = textOf(node, source);
  if (!text.includes('__file__')) return null;
  const index = /\.parents\[(\d)\]/.exec(text)?.[1];
  const ups =
    (text.match(/\.parent\b|dirname\(/g) ?? []).length + (index === undefined ? 0 : Number(index) + 1);
  if (ups === 0 || ups > file.split('/').length) return null;
  return path.posix.join(file, ...Array.from({ length: ups }, () => '..'));
}
