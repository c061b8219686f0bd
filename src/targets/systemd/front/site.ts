import { DeploykitError } from '../../../errors.js';
import { loadTemplate } from '../../../host/templates.js';
import type { Artefact, Plan } from '../../../plan/types.js';
import { lastLines, type OnHost } from '../on-host.js';

interface Site {
  on: OnHost;
  plan: Plan;
  artefacts: readonly Artefact[];
}

/**
 * Tries the site in the configuration of the host's nginx and takes it out again, before anything is switched; lets
 * nginx, and nobody else, connect to the server's socket.
 * @throws DeploykitError DK_FRONT_FAILED with what nginx says.
 */
export async function testSite({ on, plan, artefacts }: Site): Promise<void> {
  if (!plan.front) return;
  on.reporter.step(`${on.host.name}: trying the nginx site`);
  const text = (name: string): string => artefacts.find((file) => file.path === name)?.contents ?? '';
  // The upstream stands before the site that names it.
  const input = `${text('nginx-upstream.conf')}\n${text('nginx-site.conf')}`;
  await must(on, 'test', plan.name, [], input);
}

/** Puts the tried site in place and waits until nginx has the public port. @throws DeploykitError DK_FRONT_FAILED. */
export async function installSite({ on, plan }: Pick<Site, 'on' | 'plan'>): Promise<void> {
  if (!plan.front) return;
  on.reporter.step(`${on.host.name}: serving through nginx`);
  await must(on, 'install', plan.name, [String(plan.port)]);
}

async function must(on: OnHost, verb: string, name: string, args: string[], input = ''): Promise<void> {
  const script = loadTemplate('host/front.sh');
  const result = await on.try(['sh', '-euc', script, 'front.sh', verb, name, ...args], { input });
  if (result.exitCode === 0) return;
  throw new DeploykitError('DK_FRONT_FAILED', `${on.host.name}: nginx does not take the site`, {
    excerpt: lastLines(result.all),
    hint: 'What was served before is served still. Mend it, then deploykit up; or [front] kind = "none".',
  });
}
