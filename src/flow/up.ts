import path from 'node:path';
import { artefactsAfter, type Comparison, type WriteReport, writeArtefacts } from '../host/artefacts.js';
import { takeLock } from '../host/lock.js';
import type { Plan } from '../plan/types.js';
import { geventFindings, geventSentence } from '../project/gevent/findings.js';
import type { UpResult } from '../targets/target.js';
import { rememberFlags } from './last-flags.js';
import { rememberTarget } from './last-target.js';
import { artefactFolder, planSession, runnable, type Session } from './session.js';

export interface UpOutcome {
  result: UpResult;
  plan: Plan;
  files: Omit<WriteReport, 'onDisk'>;
}

/**
 * Plans, renders, writes the files (edited ones stay as they are and are used so), and brings the release up, under
 * the deployment's lock.
 */
export async function up(
  session: Session,
  options: { waitSeconds: number; force: boolean },
): Promise<UpOutcome> {
  const target = runnable(session);
  const { project } = session.loaded;
  const release = await lockDeployment(session, 'up');
  try {
    const { plan, artefacts } = await planSession(session);
    if (plan.server.topology === 'gevent') await warnOfBlocking(session);
    const folder = artefactFolder(session);
    const { onDisk, ...files } = await writeArtefacts(project.dir, folder, artefacts, {
      force: options.force,
    });
    for (const { path: kept, diff } of files.kept) {
      session.reporter.warn(
        `${kept} was edited by hand and is used as it is (--force writes it anew)\n${diff}`,
      );
    }
    const result = await target.up({ plan, artefacts: onDisk, folder }, { waitSeconds: options.waitSeconds });
    await rememberTarget(project.dir, session.choice.name);
    await rememberFlags(project.dir, session.choice.name, session.applied);
    return { result, plan, files };
  } finally {
    await release();
  }
}

// What reading tells; bench proves it.
async function warnOfBlocking({ loaded, reporter }: Session): Promise<void> {
  const findings = await geventFindings(loaded.project);
  for (const finding of findings.filter(({ severity }) => severity === 'blocking')) {
    reporter.warn(`under gevent: ${geventSentence(finding)}${finding.fix ? `. ${finding.fix}` : ''}`);
  }
}

/** What `up` would do. */
export interface UpPlan {
  /** Files that differ, with the lines that change. */
  files: Comparison[];
  /** Nothing when `up` would change nothing but files. */
  steps: string[];
}

/** What `up` would do, without doing it. */
export async function upPlan(session: Session, options: { force: boolean }): Promise<UpPlan> {
  const { plan, artefacts } = await planSession(session);
  const folder = artefactFolder(session);
  const { files, onDisk } = await artefactsAfter(session.loaded.project.dir, folder, artefacts, options);
  const steps = await runnable(session).steps({ plan, artefacts: onDisk, folder });
  return { files: files.filter(({ state }) => state !== 'same'), steps };
}

/** Takes down what runs. @returns false when nothing ran. */
export async function down(session: Session, options: { purge: boolean }): Promise<boolean> {
  const target = runnable(session);
  const release = await lockDeployment(session, 'down');
  try {
    return await target.down(options);
  } finally {
    await release();
  }
}

function lockDeployment({ loaded, choice }: Session, command: string): Promise<() => Promise<void>> {
  return takeLock(path.join(loaded.project.dir, '.deploykit', `${choice.name}.lock`), `deploykit ${command}`);
}
