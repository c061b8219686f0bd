import type { Plan } from '../../plan/types.js';
import type { Deployment } from '../target.js';
import { type HostPaths, hostPaths } from './paths.js';

/** What `up` does on a host, one line a step. */
export function hostSteps(host: string, { plan, artefacts }: Deployment): string[] {
  const paths = hostPaths(plan.name);
  const { service, name, app } = plan;
  const command = service?.releaseCommand;
  return [
    `hold flock ${paths.root}/lock`,
    ...venvSteps(plan, paths),
    `tar -x -C ${paths.releases}/RELEASE (source, ${artefacts.length} files)`,
    `cp ${paths.etc}/RELEASE.env (0600, ${app.secretNames.length} secrets)`,
    ...(command ? [`systemd-run ${command} (first host, new release)`] : []),
    `systemd-run ${name}-trial, wait until ${app.healthPath} answers, watch it for 3 s, stop it`,
    `install /etc/systemd/system/${name}.socket, ${name}@.service, systemctl daemon-reload`,
    `systemctl start ${name}.socket ${name}@RELEASE.service`,
    'systemctl stop the release before, after its requests are finished',
  ].map((step) => `${host}: ${step}`);
}

function venvSteps(plan: Plan, paths: HostPaths): string[] {
  const uwsgi = `uwsgi==${plan.service?.uwsgiVersion}`;
  const wanted = [uwsgi, ...plan.app.pipInstalls.flat()].join(' ');
  const venv = `${paths.venvs}/KEY`;
  if (plan.service?.build !== 'local')
    return [`python -m venv ${venv}, pip install ${wanted} (unless it is there)`];
  return [
    `pip wheel ${wanted} on this machine (unless ${venv} is there)`,
    `write ${paths.root}/wheels/*.whl (those that are not there)`,
    `python -m venv --without-pip ${venv}, pip install --no-index ${paths.root}/wheels/*.whl`,
  ];
}
