import { readFile } from 'node:fs/promises';

const NOT_A_FILE = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'ELOOP']);

/** The text of a file, or null when there is no file that can be read. */
export async function readText(file: string): Promise<string | null> {
  try {
    return decodeText(await readFile(file));
  } catch (error) {
    if (NOT_A_FILE.has((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/**
 * Text of any age: the byte order mark decides (PowerShell writes `pip freeze > requirements.txt` as UTF-16), then
 * UTF-8, then latin-1, which reads every byte.
 */
function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return new TextDecoder('latin1').decode(bytes);
  }
}
