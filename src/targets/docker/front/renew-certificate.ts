import type { Artefact } from '../../../plan/types.js';
import { findContainer } from '../container.js';
import { objectNames } from '../names.js';
import { type Operator, underLock } from '../release/change.js';
import { isOfTls } from './certificate.js';
import { configureFront } from './front.js';
import { readSite } from './read-site.js';

/**
 * Gives a front that serves a renewed certificate, by a reload, which no request notices.
 * @returns false when it has it, or when there is no front with TLS.
 * @throws DeploykitError DK_LOCKED; DK_SERVER_FAILED with nginx's own words.
 */
export async function renewCertificate(operator: Operator, files: readonly Artefact[]): Promise<boolean> {
  const { docker } = operator.engine;
  const { name } = operator.context.project;
  const info = await findContainer(docker, objectNames(name).front);
  if (!info?.State.Running || files.length === 0) return false;
  const front = docker.getContainer(info.Id);
  const before = (await readSite(front)).files.filter(isOfTls);
  const isKnown = (file: Artefact): boolean =>
    before.some(({ path, contents }) => path === file.path && contents === file.contents);
  if (before.length === 0 || files.every(isKnown)) return false;
  const lock = { image: info.Image, command: 'certificate', seconds: 0 };
  return underLock(operator, lock, async ({ reporter }) => {
    reporter.step('Reloading the front with the renewed certificate');
    const site = (await readSite(front)).files.filter((file) => !isOfTls(file));
    return configureFront(front, [...site, ...files]);
  });
}
