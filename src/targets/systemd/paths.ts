/** Where a deployment lies on a host. */
export interface HostPaths {
  root: string;
  releases: string;
  venvs: string;
  current: string;
  etc: string;
  /** Of a release. */
  release(id: string): string;
  env(id: string): string;
  /** Folder of the secret files. */
  secrets(id: string): string;
  unit(id: string): string;
}

/** FHS: served data below /srv, host-specific settings below /etc, units where the administrator's are. */
export function hostPaths(name: string): HostPaths {
  const root = `/srv/${name}`;
  return {
    root,
    releases: `${root}/releases`,
    venvs: `${root}/venvs`,
    current: `${root}/current`,
    etc: `/etc/deploykit/${name}`,
    release: (id) => `${root}/releases/${id}`,
    env: (id) => `/etc/deploykit/${name}/${id}.env`,
    secrets: (id) => `/etc/deploykit/${name}/${id}.secrets`,
    unit: (id) => `${name}@${id}.service`,
  };
}
