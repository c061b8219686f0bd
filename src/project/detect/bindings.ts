import type { Binding, Reference } from './binding.js';
import { children, dottedName, type PythonNode, statementsIn, textOf } from './python-tree.js';

// A chain of local names that is longer is a circle.
const MAX_STEPS = 8;

/** The names one statement of a module defines. */
export function readBinding(statement: PythonNode, source: string): Binding[] {
  if (statement.name === 'AssignStatement') return readAssignment(statement, source);
  if (statement.name === 'FunctionDefinition') return readFunction(statement, source);
  if (statement.name === 'ClassDefinition') return readClass(statement, source);
  if (statement.name === 'WithStatement') return readWith(statement, source);
  return [];
}

// `with Configurator() as config`: the name holds what the expression makes, as far as __enter__ returns the object.
function readWith(statement: PythonNode, source: string): Binding[] {
  const parts = children(statement);
  return parts.flatMap((part, index) => {
    const [before, after] = [parts[index - 1], parts[index + 1]];
    if (part.name !== 'as' || after?.name !== 'VariableName') return [];
    return [
      binding('value', textOf(after, source), statement, { from: references(before ?? null, source, false) }),
    ];
  });
}

function readAssignment(statement: PythonNode, source: string): Binding[] {
  const sides = splitAt(children(statement), 'AssignOp').map((side) =>
    side.filter(({ name }) => name !== 'TypeDef'),
  );
  const value = sides.pop()?.[0];
  if (!value || sides.length === 0) return [];
  const targets = sides.flatMap((side) =>
    side.length === 1 && side[0]?.name === 'VariableName' ? [side[0]] : [],
  );
  return targets.map((target) => {
    const name = textOf(target, source);
    const from = references(value, source, name === 'app' || name === 'application');
    return binding('value', name, statement, { from, text: plainString(value, source) });
  });
}

function readFunction(node: PythonNode, source: string): Binding[] {
  const name = node.getChild('VariableName');
  const body = node.getChild('Body');
  // A coroutine returns no callable to the one who calls it.
  if (!name || !body || node.getChild('async')) return [];
  const statements = statementsIn(body, source);
  const locals = statements
    .filter(({ name: kind }) => kind === 'AssignStatement' || kind === 'WithStatement')
    .flatMap((statement) => readBinding(statement, source));
  const returned = statements
    .filter((statement) => statement.name === 'ReturnStatement')
    .flatMap((statement) => references(children(statement)[1] ?? null, source, false))
    .flatMap((ref) => throughLocals(ref, locals));
  const from = [...returned, ...annotation(node, source)];
  const required = requiredParameters(node.getChild('ParamList'), source);
  return [binding('function', textOf(name, source), node, { from, required })];
}

// `return app` is what `app` was assigned from; `return config.make_wsgi_app()` is a method of what `config` was.
function throughLocals(ref: Reference, locals: readonly Binding[], depth = 0): Reference[] {
  const [first = '', ...rest] = ref.name.split('.');
  const own = locals.filter((local) => local.name === first && (rest.length > 0 || !ref.call));
  if (own.length === 0 || depth > MAX_STEPS) return [ref];
  return own
    .flatMap((local) => local.from)
    .map((from) => (rest.length === 0 ? from : { name: [from.name, ...rest].join('.'), call: ref.call }))
    .flatMap((from) => throughLocals(from, locals, depth + 1));
}

function readClass(node: PythonNode, source: string): Binding[] {
  const name = node.getChild('VariableName');
  if (!name) return [];
  const bases = splitAt(children(node.getChild('ArgList') ?? node), ',').flatMap((argument) => {
    const base = argument.filter((part) => part.name !== '(' && part.name !== ')');
    const dotted = base.length === 1 ? dottedName(base[0] ?? null, source) : null;
    return dotted ? [{ name: dotted, call: true }] : [];
  });
  const from = node.getChild('ArgList') ? bases : [];
  return [binding('class', textOf(name, source), node, { from, called: calledWith(node, source) })];
}

function calledWith(node: PythonNode, source: string): string[] | null {
  const body = node.getChild('Body');
  const method = (body ? statementsIn(body, source) : []).find((each) => {
    const name = each.name === 'FunctionDefinition' ? each.getChild('VariableName') : null;
    return name !== null && textOf(name, source) === '__call__' && !each.getChild('async');
  });
  return method ? requiredParameters(method.getChild('ParamList'), source).slice(1) : null;
}

// What an expression comes from. `wrapped`: also what a call is given, for `app = Middleware(Flask(...))`.
function references(value: PythonNode | null, source: string, wrapped: boolean): Reference[] {
  if (value?.name === 'ParenthesizedExpression')
    return references(children(value)[1] ?? null, source, wrapped);
  if (value?.name === 'ConditionalExpression') {
    return children(value).flatMap((part) => references(part, source, wrapped));
  }
  if (value?.name === 'CallExpression') {
    const callee = dottedName(value.firstChild, source);
    const given = wrapped
      ? references(children(value.getChild('ArgList') ?? value)[1] ?? null, source, true)
      : [];
    return [...(callee ? [{ name: callee, call: true }] : []), ...given];
  }
  const name = dottedName(value, source);
  return name ? [{ name, call: false }] : [];
}

// `-> Flask` promises what calling Flask makes.
function annotation(node: PythonNode, source: string): Reference[] {
  const type = node.getChild('TypeDef')?.lastChild ?? null;
  const name = type?.name === 'String' ? plainString(type, source) : dottedName(type, source);
  return name ? [{ name, call: true }] : [];
}

function requiredParameters(list: PythonNode | null, source: string): string[] {
  if (!list) return [];
  return splitAt(children(list).slice(1, -1), ',').flatMap((parameter) => {
    const [first] = parameter;
    const optional = parameter.some((part) => part.name === 'AssignOp');
    return first?.name === 'VariableName' && !optional ? [textOf(first, source)] : [];
  });
}

function plainString(node: PythonNode, source: string): string | null {
  if (node.name !== 'String') return null;
  return (
    /^[rRuU]?(?:'([^'\\]*)'|"([^"\\]*)")$/
      .exec(textOf(node, source))
      ?.slice(1)
      .find((text) => text !== undefined) ?? null
  );
}

function splitAt(nodes: PythonNode[], separator: string): PythonNode[][] {
  const groups: PythonNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === separator) groups.push([]);
    else if (node.name !== 'Comment') groups.at(-1)?.push(node);
  }
  return groups;
}

function binding(kind: Binding['kind'], name: string, node: PythonNode, facts: Partial<Binding>): Binding {
  return { kind, name, at: node.from, from: [], required: [], text: null, called: null, ...facts };
}
