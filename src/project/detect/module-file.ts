import path from 'node:path';
import { readText } from './read-text.js';

/** The file of `package.module:callable` under app.dir, relative to the project folder, or null when there is none. */
export async function moduleFile(dir: string, appDir: string, module: string): Promise<string | null> {
  const base = path.posix.join(appDir, (module.split(':')[0] ?? '').replaceAll('.', '/'));
  for (const file of [`${base}/__init__.py`, `${base}.py`]) {
    if ((await readText(path.join(dir, file))) !== null) return file;
  }
  return null;
}
