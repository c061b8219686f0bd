import { createHash } from 'node:crypto';
import type { Deployment } from './target.js';

/** 12 hexadecimal digits of a hash over everything that makes a release: equal input, equal release. */
export function releaseId(sourceHash: string, deployment: Deployment, ground: readonly string[]): string {
  const hash = createHash('sha256').update(sourceHash);
  for (const artefact of deployment.artefacts) hash.update(`\0${artefact.path}\0${artefact.contents}`);
  for (const part of ground) hash.update(`\0${part}`);
  return hash.digest('hex').slice(0, 12);
}
