import { DeploykitError } from '../errors.js';
import type { ImagePlan } from './types.js';

/** What the name of a base image tells. */
export interface BaseImage {
  name: string;
  family: ImagePlan['family'];
  distribution: 'el' | 'fedora' | 'debian';
  packageManager: ImagePlan['packageManager'];
  /** Major release of an EL or Fedora; null when the name does not tell. */
  major: number | null;
  /** Folder of vault.centos.org that still has the packages, for a release whose mirrors are gone. */
  archive: string | null;
  /** The day its last security update came, ISO 8601; null while it has support. */
  ended: string | null;
}

// Ends of free support: CentOS and Debian LTS announcements, Ubuntu's release cycle page.
const DEBIAN_ENDED: Record<string, string> = {
  '10': '2024-06-30',
  buster: '2024-06-30',
  '11': '2026-08-31',
  bullseye: '2026-08-31',
  '18.04': '2023-05-31',
  bionic: '2023-05-31',
  '20.04': '2025-05-31',
  focal: '2025-05-31',
};

/**
 * Reads a base image's name.
 * @throws DeploykitError DK_IMAGE_FAMILY when neither it nor `family` tells how packages are installed.
 */
export function baseImage(name: string, family: ImagePlan['family'] | undefined): BaseImage {
  const known = family ?? familyOf(name);
  if (known === 'debian') {
    const ended = DEBIAN_ENDED[debianRelease(name)] ?? null;
    return {
      name,
      family: known,
      distribution: 'debian',
      packageManager: 'apt-get',
      major: null,
      archive: null,
      ended,
    };
  }
  const lower = name.toLowerCase();
  const fedora = /fedora/.test(lower);
  const major = majorOf(lower);
  return {
    name,
    family: known,
    distribution: fedora ? 'fedora' : 'el',
    packageManager: /minimal/.test(lower) ? 'microdnf' : major === 7 ? 'yum' : 'dnf',
    major,
    ...(fedora ? { archive: null, ended: null } : endOf(lower, major)),
  };
}

/** The release in a Debian-like name's tag, `12` of `debian:12-slim`, `bookworm` of `python:3.11-slim-bookworm`. */
export function debianRelease(name: string): string {
  const tag = /:([^:/@]+)(?:@.*)?$/.exec(name)?.[1] ?? '';
  const words = tag.split('-');
  return words.find((word) => DEBIAN_ENDED[word] !== undefined) ?? words[0] ?? '';
}

function familyOf(base: string): ImagePlan['family'] {
  const name = base.toLowerCase();
  if (/centos|rocky|alma|\bubi|rhel|redhat|fedora|oraclelinux|el\d+-like/.test(name)) return 'el';
  if (/debian|ubuntu|(^|\/)python\b/.test(name)) return 'debian';
  throw new DeploykitError(
    'DK_IMAGE_FAMILY',
    `cannot tell whether "${base}" installs packages with dnf or with apt-get`,
    { hint: 'Set [image] family = "el" or "debian".' },
  );
}

function majorOf(name: string): number | null {
  const found = /(?:stream|ubi|rhel|el|:)(\d{1,2})(?![\d])/.exec(name)?.[1];
  return found ? Number(found) : null;
}

// CentOS removes the mirrors of a release at its end; the clones of EL 8 and UBI go on until 2029.
function endOf(name: string, major: number | null): Pick<BaseImage, 'archive' | 'ended'> {
  const centos = /centos/.test(name);
  if (major === 7) return { archive: centos ? '7.9.2009' : null, ended: '2024-06-30' };
  if (major === 8 && centos) {
    return /stream/.test(name)
      ? { archive: '8-stream', ended: '2024-05-31' }
      : { archive: '8.5.2111', ended: '2021-12-31' };
  }
  return { archive: null, ended: null };
}
