import path from 'node:path';
import ts from 'typescript';
import { ROOT } from './cli.js';

type Schema = Record<string, unknown>;

/**
 * The JSON Schema (draft 7) of an exported interface, its docstrings as descriptions. Knows what the result types use:
 * interfaces, unions of literals and null, arrays, records. @throws Error for anything else.
 */
export function schemaOfType(file: string, name: string): Schema {
  const program = ts.createProgram([path.join(ROOT, file)], {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noEmit: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path.join(ROOT, file));
  const symbol = source && checker.getSymbolAtLocation(source);
  const exported = symbol && checker.getExportsOfModule(symbol).find((one) => one.name === name);
  if (!source || !exported) throw new Error(`${file} exports no ${name}`);
  const definitions = new Map<string, Schema>();
  const root = objectSchema(checker.getDeclaredTypeOfSymbol(exported));
  return { ...root, definitions: Object.fromEntries([...definitions].sort(([a], [b]) => (a < b ? -1 : 1))) };

  function schemaOf(type: ts.Type): Schema {
    if (type.isUnion()) return unionSchema(type.types);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: checker.typeToString(type) === 'true' };
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.flags & ts.TypeFlags.String) return { type: 'string' };
    if (type.flags & ts.TypeFlags.Number) return { type: 'number' };
    if (checker.isArrayType(type)) {
      const [element] = checker.getTypeArguments(type as ts.TypeReference);
      return { type: 'array', items: element ? schemaOf(element) : {} };
    }
    if (type.flags & ts.TypeFlags.Object || type.isIntersection()) return named(type);
    throw new Error(`no schema for ${checker.typeToString(type)}`);
  }

  function unionSchema(types: readonly ts.Type[]): Schema {
    const rest = types.filter((one) => !(one.flags & ts.TypeFlags.Undefined));
    const booleans = rest.filter((one) => one.flags & ts.TypeFlags.BooleanLiteral);
    const others = rest.filter((one) => !(one.flags & ts.TypeFlags.BooleanLiteral));
    const strings = others.filter((one) => one.isStringLiteral());
    const parts = others.filter((one) => !one.isStringLiteral()).map(schemaOf);
    if (strings.length > 0)
      parts.unshift({ enum: strings.map((one) => (one as ts.StringLiteralType).value) });
    if (booleans.length === 2) parts.unshift({ type: 'boolean' });
    else parts.unshift(...booleans.map(schemaOf));
    return parts.length === 1 ? (parts[0] ?? {}) : { anyOf: parts };
  }

  function named(type: ts.Type): Schema {
    const own = type.aliasSymbol?.name ?? type.symbol?.name ?? '';
    // A Pick, a Record and a literal have no name of their own.
    const isInterface = type.isClassOrInterface() && !own.startsWith('__');
    if (!isInterface) return objectSchema(type);
    if (!definitions.has(own)) {
      definitions.set(own, {});
      definitions.set(own, objectSchema(type));
    }
    return { $ref: `#/definitions/${own}` };
  }

  function objectSchema(type: ts.Type): Schema {
    const index = type.getStringIndexType();
    if (index) return { type: 'object', additionalProperties: schemaOf(index) };
    const members = checker.getPropertiesOfType(type);
    const properties = members.map((member) => {
      const text = ts.displayPartsToString(member.getDocumentationComment(checker));
      const schema = schemaOf(checker.getTypeOfSymbol(member));
      return [member.name, text ? { description: text, ...schema } : schema] as const;
    });
    const required = members.filter((one) => !(one.flags & ts.SymbolFlags.Optional)).map((one) => one.name);
    return {
      type: 'object',
      properties: Object.fromEntries(properties),
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: false,
    };
  }
}
