import type { Binding, Reference } from './binding.js';
import { children, dottedName, type PythonNode, splitAt, statementsIn, textOf } from './python-tree.js';
import { sourcesOf } from './references.js';

const APPLICATION = /^app(lication)?$/;

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
    return [binding('value', textOf(after, source), statement, sourcesOf(before ?? null, source, false))];
  });
}

function readAssignment(statement: PythonNode, source: string): Binding[] {
  const sides = splitAt(children(statement), 'AssignOp').map((side) =>
    side.filter(({ name }) => name !== 'TypeDef'),
  );
  const value = sides.pop()?.[0];
  if (!value || sides.length === 0) return [];
  // Of `app, db = create_app()` the application alone can be told.
  const targets = sides.flatMap((side) => {
    return side.length === 1 ? side : side.filter((each) => APPLICATION.test(textOf(each, source)));
  });
  return targets.flatMap((target) => readTarget(target, value, statement, source));
}

function readTarget(target: PythonNode, value: PythonNode, statement: PythonNode, source: string): Binding[] {
  const [name = '', ...attributes] = dottedName(target, source)?.split('.') ?? [];
  if (name === '') return [];
  if (attributes.length === 0) {
    const sources = sourcesOf(value, source, APPLICATION.test(name));
    return [binding('value', name, statement, { ...sources, text: plainString(value, source) })];
  }
  const { given } = sourcesOf(value, source, false);
  return given.length > 0 ? [binding('attribute', name, statement, { given })] : [];
}

function readFunction(node: PythonNode, source: string): Binding[] {
  const name = node.getChild('VariableName');
  const body = node.getChild('Body');
  // A coroutine returns no callable to the one who calls it.
  if (!name || !body || node.getChild('async')) return [];
  const statements = statementsIn(body, source);
  const locals = statements
    .filter(({ name: kind }) => kind === 'AssignStatement' || kind === 'WithStatement')
    .flatMap((statement) => readBinding(statement, source))
    .filter(({ kind }) => kind === 'value');
  const returned = statements
    .filter((statement) => statement.name === 'ReturnStatement')
    .flatMap((statement) => splitAt(children(statement).slice(1), ','))
    .map(([value]) => sourcesOf(value ?? null, source, false))
    .flatMap((sources) => [...sources.from, ...sources.given])
    .flatMap((ref) => throughLocals(ref, locals, new Set()));
  const from = [...returned, ...annotation(node, source)];
  const required = requiredParameters(node.getChild('ParamList'), source);
  return [binding('function', textOf(name, source), node, { from, required })];
}

// `return app` is what `app` was assigned from; `return config.make_wsgi_app()` is a method of what `config` was.
function throughLocals(ref: Reference, locals: readonly Binding[], seen: Set<Binding>): Reference[] {
  const [first = '', ...rest] = ref.name.split('.');
  const own = locals.filter((local) => local.name === first && (rest.length > 0 || !ref.call));
  if (own.length === 0) return [ref];
  const unseen = own.filter((local) => !seen.has(local));
  for (const local of unseen) seen.add(local);
  return unseen
    .flatMap(({ from, given }) => [...from, ...given])
    .map((from) => (rest.length === 0 ? from : { name: [from.name, ...rest].join('.'), call: ref.call }))
    .flatMap((from) => throughLocals(from, locals, seen));
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

function binding(kind: Binding['kind'], name: string, node: PythonNode, facts: Partial<Binding>): Binding {
  return { kind, name, at: node.from, from: [], given: [], required: [], text: null, called: null, ...facts };
}
