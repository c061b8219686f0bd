import type { Endpoint } from '../../endpoint.js';
import type { Engine } from './engine.js';
import { trustedBy } from './front/read-site.js';
import { objectNames } from './names.js';

/** An endpoint as this machine reaches it, until closed. */
export interface Reached {
  endpoint: Endpoint;
  close(): Promise<void>;
}

/**
 * A way to what an engine publishes for a deployment: as it is, or through the ssh connection to the engine's host. Of a
 * front with TLS the certificate that it was given is trusted, whoever signed it.
 */
export async function reachPublished(
  { ssh, docker }: Pick<Engine, 'ssh' | 'docker'>,
  published: Endpoint,
  name: string,
): Promise<Reached> {
  const trusted = published.tls ? await trustedBy(docker.getContainer(objectNames(name).front)) : undefined;
  const endpoint = trusted === undefined ? published : { ...published, trusted };
  if (!ssh) return { endpoint, close: async () => undefined };
  const { port, close } = await ssh.forward(endpoint.host, endpoint.port);
  const note = `an ssh tunnel to ${ssh.name}, then its published port ${endpoint.port}`;
  return { endpoint: { ...endpoint, host: '127.0.0.1', port, route: { kind: 'ssh-tunnel', note } }, close };
}
