import type { Binding } from './binding.js';
import { readBinding } from './bindings.js';
import { type ImportedName, readImports } from './imports.js';
import { type PythonNode, statementsIn } from './python-tree.js';

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
