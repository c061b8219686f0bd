/** The name a requirement (PEP 508) begins with, normalised as PEP 503 says; empty when it begins with none. */
export function distributionName(requirement: string): string {
  const name = /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)/.exec(requirement)?.[1] ?? '';
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}
