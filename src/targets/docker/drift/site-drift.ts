import type Docker from 'dockerode';
import type { Artefact } from '../../../plan/types.js';
import type { Drift } from '../../target.js';
import { isOfTls } from '../front/certificate.js';
import { siteFiles } from '../front/front.js';
import { readSite, sentTo, siteFolder } from '../front/read-site.js';
import type { Wanted } from '../release/types.js';
import { textDiff } from './text-diff.js';

const CONFIGURED = 'nginx gets its files again, by a reload';

/**
 * How nginx's files are not those it was given, and to how many replicas it sends. A difference in lines is shown where
 * it was given what would be rendered today.
 */
export async function siteDrift(
  docker: Docker,
  front: Docker.ContainerInspectInfo,
  { plan, artefacts, certificate }: Pick<Wanted, 'plan' | 'artefacts' | 'certificate'>,
): Promise<{ sent: number; drift: Drift[] }> {
  const { folder, files, asGiven } = await readSite(docker.getContainer(front.Id));
  const sent = sentTo(files);
  if (asGiven) return { sent, drift: [] };
  const given = siteFiles(plan.name, [...artefacts, ...certificate], Math.max(1, sent));
  const known = folder?.split('.')[0] === siteFolder(given);
  const diffs = known
    ? await Promise.all(
        given
          .filter(isReadable)
          .map(({ path, contents }) =>
            textDiff(path, contents, files.find((file) => file.path === path)?.contents ?? ''),
          ),
      )
    : [];
  const drift: Drift = {
    kind: 'site',
    what: front.Name.slice(1),
    message: 'what nginx is told was edited in its volume',
    diff: diffs.join(''),
    mend: CONFIGURED,
  };
  return { sent, drift: [drift] };
}

// A key is shown to nobody.
function isReadable(file: Artefact): boolean {
  return !isOfTls(file);
}
