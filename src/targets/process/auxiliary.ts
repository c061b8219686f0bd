import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { readRecord, writeAtomic } from '../../host/files.js';
import { freePort } from '../../host/ports.js';
import type { ProcessIdentity } from '../../host/processes.js';
import { socketAddress } from '../../plan/placement.js';
import type { Plan } from '../../plan/types.js';
import { variantIni } from '../../uwsgi/ini-variant.js';
import { killInstance, startInstance } from './instance.js';

const KINDS = ['trial', 'verify', 'beside'] as const;
type Kind = (typeof KINDS)[number];

interface AuxiliaryInput {
  /** Folder of the target's own files. */
  folder: string;
  kind: Kind;
  plan: Plan;
  /** The ini of the serving instance, hand edits included. */
  ini: string;
  env: Record<string, string>;
  module?: string;
  pythonpath?: string;
  seconds: number;
  signal: AbortSignal;
}

const ADDRESS = '127.0.0.1';

/**
 * A short-lived second instance on a free loopback port: `trial` proves a release before the switch, `verify` and
 * `beside` are measured by bench. Its identity is on disk before it is healthy, so that a run killed half-way is swept by the next.
 */
export async function startAuxiliary(
  input: AuxiliaryInput,
): Promise<{ port: number; master: ProcessIdentity; log(): Promise<string>; close(): Promise<void> }> {
  const { folder, kind, plan, env, seconds, signal } = input;
  const files = auxiliaryFiles(folder, kind, plan.layout.run);
  await sweepOne(files);
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  const port = await freePort(ADDRESS);
  const ini = variantIni(input.ini, {
    httpSocket: socketAddress(ADDRESS, port),
    run: literal(files.run),
    ...(input.module ? { module: input.module } : {}),
    ...(input.pythonpath ? { pythonpath: literal(input.pythonpath) } : {}),
  });
  await writeAtomic(files.ini, ini, 0o600);
  const close = (): Promise<void> => sweepOne(files);
  try {
    const onStarted = (master: ProcessIdentity): Promise<void> =>
      writeAtomic(files.record, JSON.stringify(master), 0o600);
    const master = await startInstance({ plan, files, env, port, host: ADDRESS, seconds, signal, onStarted });
    return { port, master, log: () => readFile(files.log, 'utf8'), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Ends and removes what a killed run left. */
export async function sweepAuxiliaries(folder: string, run: string): Promise<void> {
  for (const kind of KINDS) await sweepOne(auxiliaryFiles(folder, kind, run));
}

interface AuxiliaryFiles {
  folder: string;
  ini: string;
  run: string;
  log: string;
  record: string;
}

function auxiliaryFiles(folder: string, kind: Kind, run: string): AuxiliaryFiles {
  const own = path.join(folder, kind);
  const at = (name: string): string => path.join(own, name);
  // Beside the serving instance's run folder: its length is known to fit a socket address.
  return {
    folder: own,
    ini: at('uwsgi.ini'),
    run: `${run}-${kind}`,
    log: at('uwsgi.log'),
    record: at('master.json'),
  };
}

async function sweepOne(files: AuxiliaryFiles): Promise<void> {
  const hint = 'the instance that it named goes on running; end it by its process id.';
  const instance = await readRecord<ProcessIdentity>(files.record, hint);
  if (instance) await killInstance(instance);
  await rm(files.folder, { recursive: true, force: true });
  await rm(files.run, { recursive: true, force: true });
}

// A percent sign in a path begins a magic variable in the ini.
function literal(file: string): string {
  return file.replaceAll('%', '%%');
}
