// What never belongs into an image: version control, environments, caches, and files that usually hold secrets or data.
/** Patterns in .dockerignore's syntax; the user's own come after them. */
export const DEFAULT_IGNORE = [
  '.git', '.hg', '.svn', '.deploykit', '.venv', 'venv', '.tox', '.nox', '.cache', 'node_modules',
  '**/__pycache__', '**/*.py[cod]', '**/.pytest_cache', '**/.mypy_cache', '**/.ruff_cache', '.idea', '.vscode',
  '**/.env', '**/.env.*', '**/*.pem', '**/*.key', '**/*.sqlite3', '**/*.sqlite3-journal', '**/*.log', '**/.DS_Store',
] as const;
