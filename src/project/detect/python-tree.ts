import type { parser } from '@lezer/python';

/** A node of the syntax tree of @lezer/python; its names are those of that package's grammar. */
export type PythonNode = ReturnType<typeof parser.parse>['topNode'];

const CONTAINERS = new Set([
  'Script',
  'Body',
  'StatementGroup',
  'TryStatement',
  'WithStatement',
  'ForStatement',
  'WhileStatement',
  'MatchStatement',
  'MatchBody',
  'MatchClause',
  'DecoratedStatement',
]);
const STATEMENTS = new Set([
  'AssignStatement',
  'FunctionDefinition',
  'ClassDefinition',
  'ReturnStatement',
  'ImportStatement',
]);

/**
 * The statements that run when a module is imported (or, for the body of a function, when it is called): also inside
 * `if`, `try` and `with` (a `with` itself is one of them), not inside nested functions, and not under `if __name__ == "__main__"` or TYPE_CHECKING.
 */
export function statementsIn(node: PythonNode, source: string): PythonNode[] {
  if (STATEMENTS.has(node.name)) return [node];
  // Its `as` names are bindings; its body is entered like any other.
  const own = node.name === 'WithStatement' ? [node] : [];
  if (node.name === 'IfStatement')
    return branches(node, source).flatMap((body) => statementsIn(body, source));
  if (!CONTAINERS.has(node.name)) return [];
  return [...own, ...children(node).flatMap((child) => statementsIn(child, source))];
}

/** The children of a node, in order, tokens included. */
export function children(node: PythonNode): PythonNode[] {
  const list: PythonNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) list.push(child);
  return list;
}

/** The nodes between separators, without comments. */
export function splitAt(nodes: PythonNode[], separator: string): PythonNode[][] {
  const groups: PythonNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === separator) groups.push([]);
    else if (node.name !== 'Comment') groups.at(-1)?.push(node);
  }
  return groups;
}

/** The source of a node. */
export function textOf(node: PythonNode, source: string): string {
  return source.slice(node.from, node.to);
}

/** `a.b.c` for a name or an attribute of one, null for any other expression. */
export function dottedName(node: PythonNode | null, source: string): string | null {
  if (node?.name !== 'VariableName' && node?.name !== 'MemberExpression') return null;
  const text = textOf(node, source).replace(/\s+/g, '');
  return /^[\p{L}\p{N}_]+(\.[\p{L}\p{N}_]+)*$/u.test(text) ? text : null;
}

function branches(statement: PythonNode, source: string): PythonNode[] {
  const bodies: PythonNode[] = [];
  let test = '';
  for (const child of children(statement)) {
    if (child.name === 'Body') {
      if (!neverImported(test)) bodies.push(child);
      test = '';
    } else {
      test = textOf(child, source);
    }
  }
  return bodies;
}

function neverImported(test: string): boolean {
  return /__name__\s*==\s*["']__main__|["']__main__["']\s*==\s*__name__|^(\w+\.)?TYPE_CHECKING$/.test(test);
}
