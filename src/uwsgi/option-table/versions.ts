/** Releases of uWSGI whose options are known, oldest first. */
export const VERSIONS = [
  '2.0.18',
  '2.0.19',
  '2.0.19.1',
  '2.0.20',
  '2.0.21',
  '2.0.22',
  '2.0.23',
  '2.0.24',
  '2.0.25',
  '2.0.25.1',
  '2.0.26',
  '2.0.27',
  '2.0.28',
  '2.0.29',
  '2.0.30',
  '2.0.31',
] as const;

export type Version = (typeof VERSIONS)[number];

/** A version as users and `uwsgi --version` write it, with a packager's suffix (`2.0.21-debian`); undefined if unknown. */
export function parseVersion(text: string): Version | undefined {
  const bare = text.trim().replace(/[-+.](debian|dfsg|ubuntu|el|fc|post).*$/, '');
  return VERSIONS.find((version) => version === bare);
}

const AGE = new Map<Version, number>(VERSIONS.map((version, index) => [version, index]));

/** Whether `version` is `than` or newer. */
export function atLeast(version: Version, than: Version): boolean {
  return (AGE.get(version) ?? 0) >= (AGE.get(than) ?? 0);
}
