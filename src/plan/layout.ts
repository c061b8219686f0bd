import type { Layout } from './types.js';

/** Paths inside the image. */
export function containerLayout(appDir: string): Layout {
  return {
    app: appDir === '.' ? '/app' : `/app/${appDir}`,
    venv: '/opt/venv',
    run: '/run/deploykit',
    ini: '/etc/deploykit/uwsgi.ini',
    helpers: '/opt/deploykit',
  };
}

/** Paths of a systemd service on a machine: FHS, with the release folder that `current` points to. */
export function systemdLayout(name: string, appDir: string): Layout {
  const root = `/srv/${name}/current`;
  return {
    app: appDir === '.' ? `${root}/app` : `${root}/app/${appDir}`,
    venv: `${root}/venv`,
    run: `/run/deploykit-${name}`,
    ini: `/etc/deploykit/${name}/uwsgi.ini`,
    helpers: `${root}/helpers`,
  };
}
