import { readBinding } from './bindings.js';
import { type ImportedName, readImports } from './imports.js';
import { type PythonNode, statementsIn } from './python-tree.js';

/** A use of a name: called, or as it is. The name is dotted and as the source has it. */
export interface Reference {
  name: string;
  call: boolean;
}

/** A name a module defines. */
export interface Binding {
  kind: 'value' | 'function' | 'class';
  name: string;
  /** Offset of the statement in the source. */
  at: number;
  /** value: what it is assigned from; function: what it returns; class: its bases. */
  from: Reference[];
  /** function: its parameters without a default. */
  required: string[];
  /** value: the text, when it is one plain string. */
  text: string | null;
  /** class: the parameters, without a default, that an object of it is called with; null when it cannot be called. */
  called: string[] | null;
}

/** What one file says, before its place in the project gives it a module name. */
export interface ModuleFacts {
  /** Relative to the folder searched, with `/`. */
  file: string;
  source: string;
  imports: ImportedName[];
  bindings: Binding[];
}

/** Reads one Python file. Never fails: what the parser cannot make out is left out. */
export async function readFacts(file: string, source: string): Promise<ModuleFacts> {
  const { parser } = await import('@lezer/python');
  const top: PythonNode = parser.parse(source).topNode;
  const bindings = statementsIn(top, source).flatMap((statement) => readBinding(statement, source));
  return { file, source, imports: readImports(top, source), bindings };
}
