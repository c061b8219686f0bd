import { createHash } from 'node:crypto';
import path from 'node:path';
import { DeploykitError } from '../errors.js';
import type { Artefact } from '../plan/types.js';
import { readIfThere, readRecord, writeAtomic } from './files.js';

export interface WriteReport {
  written: string[];
  unchanged: string[];
  /** Edited by hand, kept as they are; with a unified diff from the edited file to what would have been written. */
  kept: { path: string; diff: string }[];
  /** The artefacts as they now are on disk. */
  onDisk: Artefact[];
}

interface Manifest {
  schemaVersion: 1;
  /** Path relative to the project, with `/` -> SHA-256 of what deploykit wrote. */
  files: Record<string, string>;
}

/**
 * Writes artefacts into a folder of the project. A file that is not as deploykit wrote it last is the user's: it is
 * kept, unless `force`.
 * @throws DeploykitError DK_FILE_OUTSIDE for a path that leaves the project.
 */
export async function writeArtefacts(
  projectDir: string,
  folder: string,
  artefacts: readonly Artefact[],
  options: { force: boolean },
): Promise<WriteReport> {
  const manifestFile = path.join(projectDir, '.deploykit/manifest.json');
  const manifest = await readManifest(manifestFile);
  const report: WriteReport = { written: [], unchanged: [], kept: [], onDisk: [] };
  for (const artefact of artefacts) {
    const relative = path.posix.join(folder, artefact.path);
    const file = insideProject(projectDir, relative);
    const current = await readIfThere(file);
    const edited = stateOf(artefact, current, manifest.files[relative]) === 'edited';
    if (edited && current !== null && !options.force) {
      report.kept.push({
        path: relative,
        diff: await unifiedDiff(relative, current, artefact.contents, WORDS.edited),
      });
      report.onDisk.push({ ...artefact, contents: current });
      continue;
    }
    if (current === artefact.contents) report.unchanged.push(relative);
    else {
      await writeAtomic(file, artefact.contents, artefact.mode);
      report.written.push(relative);
    }
    manifest.files[relative] = digest(artefact.contents);
    report.onDisk.push(artefact);
  }
  await writeManifest(manifestFile, manifest);
  return report;
}

/** An artefact against its file; `diff` is unified, from the file to what would be written, and empty when they agree. */
export interface Comparison {
  path: string;
  state: 'same' | 'missing' | 'outdated' | 'edited';
  diff: string;
}

/** Compares artefacts with what is in their folder; writes nothing. @throws DeploykitError DK_FILE_OUTSIDE. */
export async function compareArtefacts(
  projectDir: string,
  folder: string,
  artefacts: readonly Artefact[],
): Promise<Comparison[]> {
  const manifest = await readManifest(path.join(projectDir, '.deploykit/manifest.json'));
  const compared = artefacts.map(async (artefact) => {
    const relative = path.posix.join(folder, artefact.path);
    const current = await readIfThere(insideProject(projectDir, relative));
    const state = stateOf(artefact, current, manifest.files[relative]);
    const diff =
      state === 'same' ? '' : await unifiedDiff(relative, current ?? '', artefact.contents, WORDS[state]);
    return { path: relative, state, diff };
  });
  return Promise.all(compared);
}

/** The artefacts as they would be on disk after writing: those edited by hand as they are, unless `force`. */
export async function artefactsAfter(
  projectDir: string,
  folder: string,
  artefacts: readonly Artefact[],
  { force }: { force: boolean },
): Promise<{ files: Comparison[]; onDisk: Artefact[] }> {
  const files = await compareArtefacts(projectDir, folder, artefacts);
  const kept = artefacts.map(async (artefact, i) => {
    const file = files[i];
    if (force || file?.state !== 'edited') return artefact;
    return { ...artefact, contents: (await readIfThere(insideProject(projectDir, file.path))) ?? '' };
  });
  return { files, onDisk: await Promise.all(kept) };
}

const WORDS = { missing: 'not there', outdated: 'on disk', edited: 'yours, kept' };

function stateOf(
  artefact: Artefact,
  current: string | null,
  written: string | undefined,
): Comparison['state'] {
  if (current === null) return 'missing';
  if (current === artefact.contents) return 'same';
  return digest(current) === written ? 'outdated' : 'edited';
}

/** The contents of a generated file that is not as deploykit wrote it last; null when it is, or is not there. */
export async function editedByHand(projectDir: string, relative: string): Promise<string | null> {
  const contents = await readIfThere(path.join(projectDir, relative));
  if (contents === null) return null;
  const manifest = await readManifest(path.join(projectDir, '.deploykit/manifest.json'));
  return digest(contents) === manifest.files[relative] ? null : contents;
}

async function readManifest(file: string): Promise<Manifest> {
  const hint = 'files that are as deploykit would write them are recognised, others are kept.';
  return (await readRecord<Manifest>(file, hint)) ?? { schemaVersion: 1, files: {} };
}

async function writeManifest(file: string, manifest: Manifest): Promise<void> {
  const sorted = Object.fromEntries(Object.entries(manifest.files).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = `${JSON.stringify({ schemaVersion: 1, files: sorted }, null, 2)}\n`;
  if ((await readIfThere(file)) !== text) await writeAtomic(file, text);
}

function insideProject(projectDir: string, relative: string): string {
  const file = path.resolve(projectDir, relative);
  if (file.startsWith(path.resolve(projectDir) + path.sep)) return file;
  throw new DeploykitError('DK_FILE_OUTSIDE', `${relative} is outside the project folder`, {
    hint: 'Choose a folder inside it, or print the files to stdout and redirect them.',
  });
}

async function unifiedDiff(name: string, from: string, to: string, what: string): Promise<string> {
  const { createTwoFilesPatch } = await import('diff');
  return createTwoFilesPatch(`${name} (${what})`, `${name} (as rendered)`, from, to, '', '', {
    context: 2,
  });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
