/** Labels on everything deploykit creates on an engine: what is labelled can be found and removed after a crash. */
export const LABEL = {
  name: 'dev.deploykit.name',
  project: 'dev.deploykit.project',
  role: 'dev.deploykit.role',
  release: 'dev.deploykit.release',
  config: 'dev.deploykit.config-hash',
  set: 'dev.deploykit.set',
  replica: 'dev.deploykit.replica',
  holder: 'dev.deploykit.holder',
  plan: 'dev.deploykit.plan',
  claim: 'dev.deploykit.claim',
  app: 'dev.deploykit.app',
  hostHeader: 'dev.deploykit.host-header',
} as const;

// In place of a project folder.
const BY_NAME = '*';

/**
 * What a deployment is told from others of its name by: on an engine of this machine by the project folder; elsewhere by
 * nothing, as on a host, for the next one who changes it may sit at another machine.
 */
export function ownerOn({ local }: { local: boolean }, projectDir: string): string {
  return local ? projectDir : BY_NAME;
}

/** Whether something with these labels is of the deployment in that folder, if it has its name. */
export function isOurs(labels: Record<string, string>, projectDir: string): boolean {
  return [projectDir, BY_NAME].includes(labels[LABEL.project] ?? '');
}

/**
 * What a container is for: it serves, proves a release before the switch, is measured by bench, is nginx before the
 * servers, runs the release command, holds the lock, or never runs and shows what an image or a volume has.
 */
export type Role = 'server' | 'trial' | 'verification' | 'front' | 'command' | 'lock' | 'reader';
