import { readFileSync } from 'node:fs';

type Part = 'python' | 'venv' | 'headers' | 'compiler' | 'nginx' | 'semanage';

/** The command that installs a part on this machine's distribution, by /etc/os-release. */
export function installHint(part: Part, version: string, osRelease: string = readOsRelease()): string {
  const family = /^ID(?:_LIKE)?=.*\b(debian|ubuntu|fedora|rhel|centos|alpine)\b/m.exec(osRelease)?.[1];
  if (family === 'debian' || family === 'ubuntu') return `apt-get install ${DEBIAN[part](version)}`;
  if (family === 'alpine') return `apk add ${ALPINE[part](version)}`;
  if (family) return `dnf install ${FEDORA[part](version)}`;
  return `with your package manager (${FEDORA[part](version)})`;
}

const DEBIAN: Record<Part, (version: string) => string> = {
  python: (version) => `python${version} python${version}-venv python${version}-dev`,
  venv: (version) => `python${version}-venv`,
  headers: (version) => `python${version}-dev`,
  compiler: () => 'gcc libc6-dev',
  nginx: () => 'nginx',
  semanage: () => 'policycoreutils-python-utils',
};
const FEDORA: Record<Part, (version: string) => string> = {
  python: (version) => `python${version} python${version}-devel`,
  venv: (version) => `python${version}-pip`,
  headers: (version) => `python${version}-devel`,
  compiler: () => 'gcc',
  nginx: () => 'nginx',
  semanage: () => 'policycoreutils-python-utils',
};
const ALPINE: Record<Part, (version: string) => string> = {
  python: () => 'python3 python3-dev',
  venv: () => 'python3',
  headers: () => 'python3-dev',
  compiler: () => 'gcc musl-dev linux-headers',
  nginx: () => 'nginx',
  semanage: () => 'policycoreutils-python-utils',
};

function readOsRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
