import type { Endpoint } from '../../endpoint.js';
import type { Engine } from './engine.js';

/** An endpoint as this machine reaches it, until closed. */
export interface Reached {
  endpoint: Endpoint;
  close(): Promise<void>;
}

/** A way to what an engine publishes: as it is, or through the ssh connection to the engine's host. */
export async function reachPublished({ ssh }: Pick<Engine, 'ssh'>, endpoint: Endpoint): Promise<Reached> {
  if (!ssh) return { endpoint, close: async () => undefined };
  const { port, close } = await ssh.forward(endpoint.host, endpoint.port);
  const note = `an ssh tunnel to ${ssh.name}, then its published port ${endpoint.port}`;
  return { endpoint: { ...endpoint, host: '127.0.0.1', port, route: { kind: 'ssh-tunnel', note } }, close };
}
