/** A verb of the command line, as the shells complete it. */
export interface CompletedVerb {
  name: string;
  summary: string;
  words: readonly string[];
  files: boolean;
  options: { names: readonly string[]; description: string; value: boolean; choices: readonly string[] }[];
}

/** sed's program that prints the target names of a project file, deploykit.toml or pyproject.toml. */
export const TARGET_NAMES = String.raw`s/^ *\[\(tool\.deploykit\.\)\{0,1\}target\.\([A-Za-z0-9-]*\)\].*/\2/p`;

/** The kinds, which are target names as well. */
export const KINDS = ['docker', 'process', 'systemd'] as const;

/** A word in single quotes, for a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
