import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../templates/', import.meta.url);

/** Loads a template of the package by its path under `templates/`. */
export function loadTemplate(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8');
}
