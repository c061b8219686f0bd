import path from 'node:path';
import { readImports } from '../detect/imports.js';
import { lineOf } from '../detect/line-of.js';
import { findPythonFiles } from '../detect/python-files.js';
import { children, dottedName, type PythonNode, textOf } from '../detect/python-tree.js';
import { readText } from '../detect/read-text.js';
import type { CodeUses } from './types.js';

type Use = CodeUses['uses'][number];

/**
 * The calls and imports of a project's code that are of interest. Parses and runs nothing; a name that is reached in
 * another way (getattr, a parameter) is not seen.
 * @param dir the folder to search; `base` is how it is called relative to the project.
 * @param interesting a file without a match of it is not parsed.
 */
export async function scanCode(dir: string, base: string, interesting: RegExp): Promise<CodeUses> {
  const found = await findPythonFiles(dir);
  const uses: Use[] = [];
  for (const file of found.files) {
    const source = await readText(path.join(dir, file));
    if (source === null || !interesting.test(source)) continue;
    uses.push(...(await usesIn(source)).map((use) => ({ ...use, file: path.posix.join(base, file) })));
  }
  return { uses, truncated: found.truncated };
}

/** The calls, imports and decorated coroutines of one file, by full dotted name; a line is named once for each. */
export async function usesIn(source: string): Promise<Omit<Use, 'file'>[]> {
  const { parser } = await import('@lezer/python');
  const top: PythonNode = parser.parse(source).topNode;
  const imports = readImports(top, source);
  const full = new Map(
    imports.map(({ local, module, name }) => [local, name === null ? module : `${module}.${name}`] as const),
  );
  const uses: Omit<Use, 'file'>[] = imports.flatMap(({ module, name, at }) =>
    [module, ...(name === null ? [] : [`${module}.${name}`])].map((each) => {
      return { name: each, kind: 'import' as const, line: lineOf(source, at) };
    }),
  );
  const hasFlask = imports.some(({ module }) => /^flask\b/.test(module));
  top.cursor().iterate(({ node }) => {
    if (node.name === 'CallExpression') {
      const name = calledName(node.firstChild, source, full);
      if (name) uses.push({ name, kind: 'call', line: lineOf(source, node.from) });
    }
    if (node.name === 'DecoratedStatement' && hasFlask && isRoutedCoroutine(node, source)) {
      uses.push({ name: 'route', kind: 'coroutine', line: lineOf(source, node.from) });
    }
  });
  return uses;
}

// `FFI().dlopen` is `cffi.FFI.dlopen`: a method of what a call makes.
function calledName(callee: PythonNode | null, source: string, full: Map<string, string>): string | null {
  if (!callee) return null;
  const text = textOf(callee, source).replaceAll('()', '').replace(/\s+/g, '');
  const name = dottedName(callee, source) ?? (/^[\w.]+$/.test(text) ? text : null);
  if (name === null) return null;
  const [first = '', ...rest] = name.split('.');
  const origin = full.get(first);
  return origin === undefined ? null : [origin, ...rest].join('.');
}

// @app.route, @bp.get and the like on an `async def`.
function isRoutedCoroutine(node: PythonNode, source: string): boolean {
  const definition = node.getChild('FunctionDefinition');
  if (!definition?.getChild('async')) return false;
  return children(node).some((each) => {
    return (
      each.name === 'Decorator' &&
      /^@\s*[\w.]+\.(route|get|post|put|patch|delete)\b/.test(textOf(each, source))
    );
  });
}
