import { type PythonNode, textOf } from './python-tree.js';

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
}

/** Every import of a file, at any depth: factories like to import inside their body. */
export function readImports(top: PythonNode, source: string): ImportedName[] {
  const names: ImportedName[] = [];
  top.cursor().iterate((node) => {
    if (node.name !== 'ImportStatement') return;
    const text = textOf(node.node, source)
      .replace(/#.*$/gm, '')
      .replace(/[()\\\s]+/g, ' ');
    names.push(...namesOf(text.trim(), node.from));
  });
  return names;
}

function namesOf(statement: string, at: number): ImportedName[] {
  const from = /^from\s+([.\s]*[^\s]*)\s+import\s+(.*)$/.exec(statement);
  if (from) {
    const module = (from[1] ?? '').replace(/\s/g, '');
    return aliases(from[2] ?? '').map(([name, local]) => ({ local, module, name, at }));
  }
  const list = /^import\s+(.*)$/.exec(statement)?.[1] ?? '';
  return aliases(list).map(([module, local]) => {
    // `import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`.
    const whole = local === module ? (module.split('.')[0] ?? module) : module;
    return { local: local === module ? whole : local, module: whole, name: null, at };
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
