// Of the rendered service these are the instance's own, or make no sense for one that is not restarted.
const OWN = new Set([
  'Type',
  'NotifyAccess',
  'Sockets',
  'ExecStart',
  'ExecReload',
  'ExecStop',
  'Restart',
  'RestartSec',
  'RuntimeDirectory',
  'TimeoutStartSec',
]);

/**
 * The arguments of systemd-run(1) for a transient unit with the properties of the rendered service: the same user,
 * limits and hardening, so that what works in it works in the service.
 */
export function transientArguments(
  service: string,
  release: string,
  unit: { name: string; run?: string; notify: boolean },
): string[] {
  const section = service.slice(service.indexOf('[Service]'), service.indexOf('[Install]'));
  const properties = section
    .split('\n')
    .filter((line) => /^[A-Z][A-Za-z]+=/.test(line) && !OWN.has(line.split('=')[0] ?? ''))
    // systemd-run hands values over as they are: the specifiers of a unit file are resolved here.
    .map((line) => line.replaceAll('%i', release).replaceAll('%%', '%'));
  return [
    'systemd-run',
    '--quiet',
    '--collect',
    `--unit=${unit.name}`,
    ...(unit.notify
      ? ['--service-type=notify', '--property=NotifyAccess=main', '--property=TimeoutStartSec=90']
      : []),
    ...(unit.run ? [`--property=RuntimeDirectory=${unit.run}`] : []),
    ...properties.map((line) => `--property=${line}`),
  ];
}
