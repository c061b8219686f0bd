import type Docker from 'dockerode';
import type { Drift } from '../../target.js';
import { isOurs, LABEL } from '../labels.js';
import { objectNames } from '../names.js';

/** Containers of others that have a volume of the deployment: its sockets, or what nginx is told. */
export async function foreignUsers(docker: Docker, name: string, projectDir: string): Promise<Drift[]> {
  const { sockets, site } = objectNames(name);
  const found = await Promise.all(
    [sockets, site].map(async (volume) => {
      const users = await docker.listContainers({ all: true, filters: { volume: [volume] } });
      return users
        .filter(({ Labels }) => Labels[LABEL.name] !== name || !isOurs(Labels, projectDir))
        .map(
          ({ Names }): Drift => ({
            kind: 'foreign',
            what: (Names[0] ?? '').slice(1),
            message: `it is not of this deployment and has its volume ${volume}`,
            diff: '',
            mend: null,
          }),
        );
    }),
  );
  return found.flat();
}
