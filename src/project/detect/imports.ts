import { type PythonNode, statementsIn, textOf } from './python-tree.js';

/** One name an import statement brings in. */
export interface ImportedName {
  /** The name in this module; `*` for a star import. */
  local: string;
  /** The module as written, with leading dots when relative. */
  module: string;
  /** The name imported from it; null when the module itself is. */
  name: string | null;
  /** Offset of the statement in the source. */
  at: number;
  /** True when importing this module runs it: it is not in a function, and not for type checkers only. */
  runs: boolean;
}

/** Every import of a file, at any depth: factories like to import inside their body. */
export function readImports(top: PythonNode, source: string): ImportedName[] {
  const names: ImportedName[] = [];
  const running = new Set(statementsIn(top, source).map(({ from }) => from));
  top.cursor().iterate((node) => {
    if (node.name !== 'ImportStatement') return;
    const text = textOf(node.node, source)
      .replace(/#.*$/gm, '')
      .replace(/[()\\\s]+/g, ' ');
    names.push(...namesOf(text.trim(), { at: node.from, runs: running.has(node.from) }));
  });
  return names;
}

function namesOf(statement: string, where: Pick<ImportedName, 'at' | 'runs'>): ImportedName[] {
  const from = /^from\s+([.\s]*[^\s]*)\s+import\s+(.*)$/.exec(statement);
  if (from) {
    const module = (from[1] ?? '').replace(/\s/g, '');
    return aliases(from[2] ?? '').map(([name, local]) => ({ local, module, name, ...where }));
  }
  const list = /^import\s+(.*)$/.exec(statement)?.[1] ?? '';
  return aliases(list).map(([module, local]) => {
    // `import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`.
    const whole = local === module ? (module.split('.')[0] ?? module) : module;
    return { local: local === module ? whole : local, module: whole, name: null, ...where };
  });
}

function aliases(list: string): [name: string, local: string][] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const [name = '', local = name] = item.split(/\s+as\s+/);
      return [name, local];
    });
}
