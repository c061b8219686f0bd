import { DeploykitError } from '../../errors.js';
import { compareArtefacts } from '../../host/artefacts.js';
import type { Artefact, Plan } from '../../plan/types.js';
import { geventFindings, geventSentence } from '../../project/gevent/findings.js';
import type { GeventSeverity } from '../../project/gevent/types.js';
import type { Project } from '../../project/types.js';
import type { CheckRow } from '../../targets/target.js';
import { artefactFolder, planSession, type Session } from '../session.js';
import { backlogFinding, uploadFindings } from './capacity.js';
import { type TimeLimit, timeLimits } from './chain.js';
import { databaseFindings } from './database.js';
import { type CheckFinding, type Severity, well } from './finding.js';

export interface CheckReport {
  target: { name: string; kind: string; why: string };
  findings: CheckFinding[];
  /** Empty when there is no plan. */
  timeouts: TimeLimit[];
}

/** Looks at everything an `up` depends on; changes nothing, and goes on where one thing is wrong. */
export async function checkDeployment(session: Session): Promise<CheckReport> {
  const { loaded, choice } = session;
  const { name, kind, why } = choice;
  const findings: CheckFinding[] = loaded.warnings.map((message) => ({
    severity: 'warning',
    area: 'project',
    what: 'project',
    message,
    remedy: null,
  }));
  findings.push(...(await environment(session)));
  const planned = await attempt('plan', () => planSession(session));
  if (!('value' in planned))
    return { target: { name, kind, why }, findings: [...findings, planned], timeouts: [] };
  const { plan, artefacts } = planned.value;
  findings.push(
    ...planFindings(plan),
    ...(await fileFindings(loaded.project.dir, artefactFolder(session), artefacts)),
    backlogFinding(plan),
    ...uploadFindings(plan),
    ...(await databaseFindings(loaded.project, plan)),
    ...(plan.server.topology === 'gevent' ? await greenletFindings(loaded.project) : []),
  );
  return { target: { name, kind, why }, findings, timeouts: timeLimits(plan) };
}

async function environment({ choice }: Session): Promise<CheckFinding[]> {
  if (!choice.target) {
    const message = 'not looked at: this target has no hosts, its files are installed by hand';
    return [{ severity: 'info', area: 'environment', what: 'hosts', message, remedy: null }];
  }
  const { target } = choice;
  const rows = await attempt('environment', () => target.check());
  return 'value' in rows ? rows.value.map(ofRow) : [rows];
}

function ofRow({ host, what, ok, severity, value, hint }: CheckRow): CheckFinding {
  const subject = host === '' ? what : `${host} ${what}`;
  return {
    severity: ok ? 'ok' : (severity ?? 'error'),
    area: 'environment',
    what: subject,
    message: value,
    remedy: hint,
  };
}

// The error a step would end with is what the check is for; an interrupt and a defect are not.
async function attempt<T>(
  area: CheckFinding['area'],
  work: () => Promise<T>,
): Promise<{ value: T } | CheckFinding> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof DeploykitError) || ['DK_INTERRUPTED', 'DK_INTERNAL'].includes(error.code))
      throw error;
    return {
      severity: 'error',
      area,
      what: error.code,
      message: error.message,
      remedy: error.details.hint ?? null,
    };
  }
}

function planFindings(plan: Plan): CheckFinding[] {
  const warnings = plan.warnings.map(
    (message): CheckFinding => ({ severity: 'warning', area: 'plan', what: 'plan', message, remedy: null }),
  );
  const { topology, processes, slots } = plan.server;
  return [...warnings, well('plan', 'slots', `${slots}: ${processes} processes, ${topology}`)];
}

async function fileFindings(dir: string, folder: string, artefacts: Artefact[]): Promise<CheckFinding[]> {
  const compared = await compareArtefacts(dir, folder, artefacts);
  const edited = compared.filter(({ state }) => state === 'edited');
  const stale = compared.filter(({ state }) => state === 'outdated');
  const kept = edited.map(
    ({ path }): CheckFinding => ({
      severity: 'warning',
      area: 'files',
      what: path,
      message: 'edited by hand: up uses it as it is, whatever the project file says',
      remedy:
        'Move the edit into deploykit.toml or a template, then deploykit up --force; deploykit diff shows it.',
      file: path,
    }),
  );
  const value = stale.length > 0 ? `${stale.length} will be written anew by up` : `${compared.length} render`;
  return [...kept, well('files', 'rendered', value)];
}

const SEVERITY: Record<GeventSeverity, Severity> = {
  blocking: 'error',
  risk: 'warning',
  unknown: 'info',
  fine: 'ok',
};

async function greenletFindings(project: Project): Promise<CheckFinding[]> {
  return (await geventFindings(project)).map((found) => ({
    severity: SEVERITY[found.severity],
    area: 'gevent',
    what: found.severity,
    message: geventSentence(found),
    remedy: found.fix,
    ...(found.file === undefined ? {} : { file: found.file }),
    ...(found.line === undefined ? {} : { line: found.line }),
  }));
}
