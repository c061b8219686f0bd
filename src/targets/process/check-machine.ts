import { existsSync } from 'node:fs';
import path from 'node:path';
import { diskFree, mostOpenFiles } from '../../host/limits.js';
import { localFacts } from '../../host/machine.js';
import { run } from '../../host/run.js';
import type { Project } from '../../project/types.js';
import { checkRow, LEAST_DISK, LEAST_MEMORY, megabytes, portRow, rowOfStep } from '../check-row.js';
import type { CheckRow } from '../target.js';
import { installHint } from './install-hint.js';
import type { Python } from './python.js';
import { venvFolder } from './venv.js';

const LEAST_OPEN_FILES = 4096;

interface MachineInput {
  project: Project;
  target: string;
  findPython: () => Promise<Python>;
  /** The port that the deployment itself has now. */
  ownPort: number | null;
  signal: AbortSignal;
}

/** Whether this machine can build and run the deployment; changes nothing. */
export async function checkMachine(input: MachineInput): Promise<CheckRow[]> {
  const { project } = input;
  const facts = localFacts();
  const [disk, files] = [await diskFree(project.dir), mostOpenFiles()];
  return [
    ...(await buildRows(input)),
    checkRow(
      '',
      'memory',
      facts.memoryBytes >= LEAST_MEMORY,
      megabytes(facts.memoryBytes),
      'At least 256 MB are needed.',
    ),
    checkRow(
      '',
      'disk',
      disk >= LEAST_DISK,
      `${megabytes(disk)} free`,
      'At least 1 GB should be free.',
      'warning',
    ),
    checkRow('', 'somaxconn', true, String(facts.somaxconn), ''),
    checkRow(
      '',
      'nofile',
      files >= LEAST_OPEN_FILES,
      Number.isFinite(files) ? String(files) : 'unlimited',
      `Raise the hard limit of this session to ${LEAST_OPEN_FILES}: ulimit -Hn, limits.conf(5).`,
      'warning',
    ),
    await portRow(project, input.ownPort),
  ];
}

async function buildRows({ project, target, findPython, signal }: MachineInput): Promise<CheckRow[]> {
  let python: Python | null = null;
  const row = await rowOfStep('', 'python', async () => {
    python = await findPython();
    return `${python.release}, ${python.executable}`;
  });
  // Assigned in the callback, which the type checker does not follow.
  const found = python as Python | null;
  if (found === null) return [row];
  const venv = await venvFolder(project, target, found);
  if (existsSync(path.join(venv, '.deploykit-complete'))) {
    return [row, checkRow('', 'uwsgi', true, 'built for this interpreter and these requirements', '')];
  }
  const compiler = process.env['CC'] ?? 'gcc';
  const { exitCode, stdout } = await run([...compiler.split(' '), '--version'], {
    signal,
    timeoutMs: 20_000,
  });
  const install = (part: 'headers' | 'compiler'): string => `Install it: ${installHint(part, found.version)}`;
  return [
    row,
    checkRow(
      '',
      'headers',
      found.hasHeaders,
      found.hasHeaders ? 'Python.h' : 'no Python.h',
      install('headers'),
    ),
    checkRow(
      '',
      'compiler',
      exitCode === 0,
      exitCode === 0 ? (stdout.split('\n')[0] ?? '') : `${compiler} does not run`,
      install('compiler'),
    ),
  ];
}
