import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { closest } from '../../closest.js';
import { DeploykitError } from '../../errors.js';

/** An engine's address as docker's own client has it in a context. */
export interface DockerContext {
  name: string;
  address: string;
  /** Folder of ca.pem, cert.pem and key.pem, those that were given. */
  certificates: string | null;
  /** The engine's certificate is not to be checked. */
  unverified: boolean;
}

interface Meta {
  Name?: string;
  Endpoints?: { docker?: { Host?: string; SkipTLSVerify?: boolean } };
}

/** The folder of the docker client's own configuration. */
export function dockerConfigFolder(env: NodeJS.ProcessEnv): string {
  return env['DOCKER_CONFIG'] || path.join(os.homedir(), '.docker');
}

/** The context that docker's own client would use: DOCKER_CONTEXT, or what `docker context use` chose. */
export function currentContext(env: NodeJS.ProcessEnv): DockerContext | null {
  const file = path.join(dockerConfigFolder(env), 'config.json');
  const name = env['DOCKER_CONTEXT'] || readJson<{ currentContext?: string }>(file)?.currentContext;
  return name && name !== 'default' ? readContext(name, env) : null;
}

/**
 * A context by its name; docker keeps each under the SHA-256 of it.
 * @throws DeploykitError DK_ENGINE_MISSING, with the nearest name.
 */
export function readContext(name: string, env: NodeJS.ProcessEnv): DockerContext {
  const folder = path.join(dockerConfigFolder(env), 'contexts');
  const id = createHash('sha256').update(name).digest('hex');
  const endpoint = readJson<Meta>(path.join(folder, 'meta', id, 'meta.json'))?.Endpoints?.docker;
  if (!endpoint?.Host) throw unknownContext(name, path.join(folder, 'meta'));
  const certificates = path.join(folder, 'tls', id, 'docker');
  return {
    name,
    address: endpoint.Host,
    certificates: existsSync(certificates) ? certificates : null,
    unverified: endpoint.SkipTLSVerify ?? false,
  };
}

function unknownContext(name: string, metaFolder: string): DeploykitError {
  const ids = existsSync(metaFolder) ? readdirSync(metaFolder) : [];
  const names = ids.flatMap((id) => readJson<Meta>(path.join(metaFolder, id, 'meta.json'))?.Name ?? []);
  const near = closest(name, names);
  return new DeploykitError('DK_ENGINE_MISSING', `there is no docker context "${name}" with an address`, {
    hint: near
      ? `Did you mean ${near}?`
      : 'docker context ls shows those there are; docker context create makes one.',
  });
}

function readJson<T>(file: string): T | null {
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    throw new DeploykitError('DK_ENGINE_MISSING', 'the docker client configuration cannot be read', {
      file,
      hint: 'Mend the file, or set DOCKER_HOST.',
      cause: error,
    });
  }
}
