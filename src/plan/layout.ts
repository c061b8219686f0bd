import type { Layout } from './types.js';

/** Name of the requirements file that is rendered from a lock file. */
export const LOCKED_REQUIREMENTS = 'requirements.lock.txt';

/** Paths inside the image. */
export function containerLayout(appDir: string): Layout {
  return {
    project: '/app',
    app: appDir === '.' ? '/app' : `/app/${appDir}`,
    venv: '/opt/venv',
    run: '/run/deploykit',
    ini: '/etc/deploykit/uwsgi.ini',
    helpers: '/opt/deploykit',
    requirements: LOCKED_REQUIREMENTS,
  };
}

/**
 * Paths of a systemd service, relative to its release by uWSGI's own variables: the same ini serves from any release
 * folder, and a running release never follows `current` to the next one.
 */
export function systemdLayout(name: string, appDir: string): Layout {
  return {
    magic: true,
    project: '%dapp',
    app: appDir === '.' ? '%dapp' : `%dapp/${appDir.replaceAll('%', '%%')}`,
    venv: '%dvenv',
    run: `/run/deploykit-${name}/%c`,
    ini: `/srv/${name}/releases/%i/uwsgi.ini`,
    helpers: '%d',
    requirements: LOCKED_REQUIREMENTS,
  };
}
