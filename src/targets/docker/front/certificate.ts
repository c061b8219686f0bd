import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError } from '../../../errors.js';
import type { Artefact, FrontTls } from '../../../plan/types.js';
import { FRONT_CERTIFICATE, FRONT_KEY } from '../../../render/nginx.js';

// Nobody but nginx's user reads a key.
const KEY_MODE = 0o400;

/**
 * The certificate and its key as files of the front, read on this machine; none without TLS.
 * @throws DeploykitError DK_CONFIG_INVALID for a file that cannot be read or is none, and for a key of another certificate.
 */
export async function certificateFiles(
  tls: Pick<FrontTls, 'certificate' | 'key'> | null,
): Promise<Artefact[]> {
  if (tls === null) return [];
  const [certificate, key] = await Promise.all([read(tls.certificate), read(tls.key)]);
  const parsed = parse('certificate', tls.certificate, () => new X509Certificate(certificate));
  // A passphrase would have to be asked for at every start of nginx.
  const own = parse('private key without a passphrase', tls.key, () => createPrivateKey(key));
  if (!parsed.checkPrivateKey(own)) {
    throw new DeploykitError('DK_CONFIG_INVALID', '[front] tls_key is not the key of tls_certificate', {
      file: tls.key,
      hint: 'Give the key that the certificate was requested with.',
    });
  }
  return [
    { path: FRONT_CERTIFICATE, contents: certificate, mode: 0o444 },
    { path: FRONT_KEY, contents: key, mode: KEY_MODE },
  ];
}

/** Whether a file of the front is of its TLS. */
export function isOfTls({ path: name }: Artefact): boolean {
  return name === FRONT_CERTIFICATE || name === FRONT_KEY;
}

/** Where TLS's files are in the project folder: they belong into no image. */
export function certificatePaths(tls: FrontTls | null, projectDir: string): string[] {
  const all = tls === null ? [] : [tls.certificate, tls.key];
  return all
    .map((file) => path.relative(projectDir, file))
    .filter((relative) => !relative.startsWith('..') && !path.isAbsolute(relative));
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new DeploykitError('DK_CONFIG_INVALID', 'a file of [front] TLS cannot be read', {
      file,
      hint: 'For containers tls_certificate and tls_key are files of the machine that runs deploykit.',
      cause: error,
    });
  }
}

function parse<T>(what: string, file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new DeploykitError('DK_CONFIG_INVALID', `[front]: this is not a PEM ${what}`, {
      file,
      hint: 'A certificate begins with -----BEGIN CERTIFICATE-----, a key with -----BEGIN PRIVATE KEY----- or alike.',
      cause: error,
    });
  }
}
