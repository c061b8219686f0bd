import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import path from 'node:path';
import type Docker from 'dockerode';
import { DeploykitError } from '../../errors.js';
import type { EngineAddress, EngineTls } from './engine-address.js';

const PORT = 2375;
const TLS_PORT = 2376;

/**
 * Options of a client for `tcp://host:port`.
 * @throws DeploykitError DK_CONFIG_INVALID for another address; DK_ENGINE_MISSING for certificates that cannot be read.
 */
export function tcpClientOptions({ address, tls }: EngineAddress): Docker.DockerOptions {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !['tcp:', 'http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw new DeploykitError('DK_CONFIG_INVALID', `"${address}" is not an engine address`, {
      hint: 'Use unix:///path/to/docker.sock, ssh://user@host or tcp://host:port.',
    });
  }
  const secured = tls ?? (url.protocol === 'https:' ? { folder: null, verify: true, optional: true } : null);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!secured) return { protocol: 'http', host, port: url.port || PORT };
  return { protocol: 'https', host, port: url.port || TLS_PORT, ...credentials(secured) };
}

function credentials({ folder, verify, optional }: EngineTls): Docker.DockerOptions {
  const pem = (name: string): string | undefined =>
    folder === null ? undefined : readPem(path.join(folder, name), optional);
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map(pem);
  return {
    ca,
    cert,
    key,
    ...(verify ? {} : { agent: new Agent({ rejectUnauthorized: false, keepAlive: true }) }),
  } as Docker.DockerOptions;
}

function readPem(file: string, optional: boolean): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (optional && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new DeploykitError('DK_ENGINE_MISSING', 'the certificates for the engine cannot be read', {
      file,
      hint: 'DOCKER_CERT_PATH names the folder of ca.pem, cert.pem and key.pem.',
      cause: error,
    });
  }
}
