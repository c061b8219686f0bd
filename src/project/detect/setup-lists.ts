import { children, type PythonNode, textOf } from './python-tree.js';
import { scanRequirements } from './requirement-lines.js';

/** [options] install_requires of a setup.cfg; empty when it has none, or leaves it to a file or to code. */
export function setupCfgSpecs(text: string): string[] {
  // A value over several lines, which `ini` does not join: the indented lines that follow the key.
  const section = /^\[options\][ \t]*$([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(text)?.[1] ?? '';
  const value = /^install_requires[ \t]*[=:](.*(?:\n(?:[ \t]+.*|[ \t]*))*)/m.exec(section)?.[1];
  if (value === undefined || /^\s*file:/.test(value)) return [];
  const lines = value
    .replaceAll(/^\s*;.*$/gm, '')
    .split('\n')
    .flatMap((line) => line.split(/,(?=\s*[A-Za-z])/));
  return specsOf(lines);
}

/** The list `install_requires=[…]` of a setup.py, read and not run: empty without one, null when code makes it. */
export async function setupPySpecs(source: string): Promise<string[] | null> {
  const { parser } = await import('@lezer/python');
  const lists = new Map<string, string[] | null>();
  let found: string[] | null = [];
  parser
    .parse(source)
    .topNode.cursor()
    .iterate(({ node }) => {
      if (node.name === 'AssignStatement') {
        const [target, value] = [node.firstChild, node.lastChild];
        if (target?.name === 'VariableName' && value)
          lists.set(textOf(target, source), literalList(value, source));
      }
      if (node.name !== 'VariableName' || textOf(node, source) !== 'install_requires') return;
      const value = node.parent?.name === 'ArgList' ? node.nextSibling?.nextSibling : null;
      if (!value) return;
      found =
        value.name === 'VariableName'
          ? (lists.get(textOf(value, source)) ?? null)
          : literalList(value, source);
    });
  return found === null ? null : specsOf(found);
}

function literalList(node: PythonNode, source: string): string[] | null {
  if (node.name !== 'ArrayExpression' && node.name !== 'TupleExpression') return null;
  const items = children(node).filter(({ name }) => !/^[[\](),]$|^Comment$/.test(name));
  const texts = items.map((item) => {
    return item.name === 'String' ? /^(['"])([^'"\\]*)\1$/.exec(textOf(item, source))?.[2] : undefined;
  });
  return texts.every((text) => text !== undefined) ? texts : null;
}

function specsOf(lines: readonly string[]): string[] {
  return lines
    .flatMap((line) => scanRequirements(line))
    .flatMap((entry) => (entry.kind === 'requirement' ? [entry.spec] : []));
}
