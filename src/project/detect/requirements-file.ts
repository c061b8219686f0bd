import path from 'node:path';
import { DeploykitError } from '../../errors.js';
import { inside } from '../inside.js';
import { readText } from './read-text.js';
import { scanRequirements } from './requirement-lines.js';

/** What `pip install -r FILE` reads and installs. */
export interface RequirementsFile {
  /** The file and all it includes, relative to the project folder with `/`, sorted. */
  files: string[];
  /** In the order pip reads them; without what constraint files name, which installs nothing. */
  specs: string[];
  /** Whether a line has a hash, or asks for hashes: pip then wants one for every requirement. */
  hashed: boolean;
  /** About lines pip would refuse. */
  warnings: string[];
}

// The line that includes a file; `place` is how messages name it.
interface Includer {
  file: string;
  line: number;
  place: string;
}

/**
 * Reads a requirements file and, recursively, the files its `-r` and `-c` lines name.
 * @param file relative to the project folder.
 * @throws DeploykitError DK_DETECT_REQUIREMENTS (with the line that includes a missing file), DK_FILE_OUTSIDE.
 */
export async function readRequirementsFile(dir: string, file: string): Promise<RequirementsFile> {
  const seen = new Map<string, { installs: boolean }>();
  const specs: string[] = [];
  const warnings: string[] = [];
  let hashed = false;

  const read = async (relative: string, installs: boolean, from?: Includer): Promise<void> => {
    // A file can be met as a constraint first and as requirements later; only the latter adds to what is installed.
    const before = seen.get(relative);
    if (before && (before.installs || !installs)) return;
    seen.set(relative, { installs });
    const text = await readText(path.join(dir, relative));
    if (text === null) throw missing(dir, relative, from);
    for (const entry of scanRequirements(text)) {
      if (entry.kind === 'unknown') {
        if (!before) warnings.push(`${relative}:${entry.line}: pip cannot read this line: ${entry.text}`);
      } else if (entry.kind === 'requirement') {
        hashed ||= entry.hashed;
        if (installs) specs.push(entry.spec);
      } else if (entry.kind === 'option') {
        hashed ||= entry.text.startsWith('--require-hashes');
      } else if (entry.kind === 'include' && !/^[a-z][a-z0-9+.-]*:\/\//i.test(entry.target)) {
        const target = path.posix.join(path.posix.dirname(relative), unquote(entry.target));
        const place = `${relative}:${entry.line}`;
        const where = { file: path.join(dir, relative), line: entry.line };
        await inside(dir, target, `${place} includes ${entry.target}, which`, where);
        await read(target, installs && entry.installs, { ...where, place });
      }
    }
  };

  await read(path.posix.normalize(file), true);
  return { files: [...seen.keys()].sort(), specs, hashed, warnings };
}

function unquote(target: string): string {
  return target.trim().replace(/^(["'])(.*)\1$/, '$2');
}

function missing(dir: string, file: string, from?: Includer): DeploykitError {
  const included = from ? `, which ${from.place} includes` : '';
  return new DeploykitError('DK_DETECT_REQUIREMENTS', `there is no file ${file}${included}`, {
    hint: 'Create the file, or correct its name (paths are relative to the file that names them).',
    ...(from ? { file: from.file, line: from.line } : { file: path.join(dir, file) }),
  });
}
