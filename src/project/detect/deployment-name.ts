import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Finding } from '../types.js';

const MAX_LENGTH = 40;

/**
 * A name for the deployment from that of the folder: `My Shop_2` is `my-shop-2`, `Café` is `cafe`. A folder without a
 * Latin letter or digit gets a name from a hash of its own, so that two such folders do not meet on one machine.
 */
export function deploymentName(dir: string): Finding<string> {
  const folder = path.basename(path.resolve(dir));
  const latin = folder
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  if (latin === '') {
    const hash = createHash('sha256').update(folder).digest('hex').slice(0, 6);
    return { value: `app-${hash}`, why: `the folder's name, "${folder}", has no Latin letter or digit` };
  }
  const lettered = /^[a-z]/.test(latin) ? latin : `app-${latin}`;
  const value = lettered.slice(0, MAX_LENGTH).replace(/-+$/, '');
  return {
    value,
    why: value === folder ? 'the name of the folder' : `from the name of the folder, "${folder}"`,
  };
}
