import type { Plan } from './types.js';

// What never belongs into an image: version control, environments, caches, and files that usually hold secrets or data.
/** Patterns in .dockerignore's syntax; the user's own come after them. */
export const DEFAULT_IGNORE = [
  '.git',
  '.hg',
  '.svn',
  '.deploykit',
  '.venv',
  'venv',
  '.tox',
  '.nox',
  '.cache',
  'node_modules',
  '**/__pycache__',
  '**/*.py[cod]',
  '**/.pytest_cache',
  '**/.mypy_cache',
  '**/.ruff_cache',
  '.idea',
  '.vscode',
  '**/.env',
  '**/.env.*',
  '**/*.pem',
  '**/*.key',
  '**/*.sqlite3',
  '**/*.sqlite3-journal',
  '**/*.log',
  '**/.DS_Store',
] as const;

/**
 * The files of the project that hold the values of secrets, relative to it: no image and no release has them, whatever
 * .dockerignore says.
 */
export function secretPaths({
  envFile,
  secretFiles,
}: Pick<Plan['app'], 'envFile' | 'secretFiles'>): string[] {
  const all = [...(envFile === null ? [] : [envFile]), ...Object.values(secretFiles)];
  return all.map((file) =>
    file
      .split('/')
      .filter((part) => part !== '.' && part !== '')
      .join('/'),
  );
}

/** A path as a pattern of .dockerignore that matches nothing else: `!` and `#` are special in front only. */
export function literalPattern(file: string): string {
  return file.replace(/[\\*?[\]]/g, (char) => `\\${char}`).replace(/^[!#]/, (char) => `\\${char}`);
}
