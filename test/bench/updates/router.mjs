import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { docker, eachSecond, sh } from './sh.mjs';

/**
 * nginx as the router of other methods: the same nginx, in the same image, that deploykit puts before its servers, here
 * by HTTP to the containers' addresses. A second server is tried when one cannot be reached, as nginx does by itself.
 */
export class Router {
  #follower;
  #servers = '';

  constructor({ name, image, port, folder }) {
    Object.assign(this, { name: `${name}-router`, image, port, folder: path.join(folder, `${name}-router`) });
    mkdirSync(this.folder);
  }

  async start(network, servers) {
    this.network = network;
    this.#write(servers);
    const place = [
      '--network',
      network,
      '-p',
      `127.0.0.1:${this.port}:8000`,
      '-v',
      `${this.folder}:/router:ro`,
    ];
    const argv = ['--entrypoint', 'nginx', this.image, '-c', '/router/nginx.conf'];
    await docker(
      'run',
      '-d',
      '--name',
      this.name,
      '--user',
      '0',
      '--sysctl',
      'net.core.somaxconn=4096',
      ...place,
      ...argv,
    );
  }

  /** Sends new requests to these, by a reload; those in flight are finished where they are. */
  async pointTo(servers) {
    if (servers.join() === this.#servers || servers.length === 0) return;
    this.#write(servers);
    await docker('kill', '-s', 'HUP', this.name);
  }

  /** Waits until the workers that had the servers before are gone, and with them their requests. */
  async drained(seconds) {
    const inside = ['exec', this.name, 'sh', '-c', 'grep -l "[s]hutting down" /proc/[0-9]*/cmdline | wc -l'];
    await eachSecond(seconds, async () => ((await docker(...inside)) === '0' ? true : null));
  }

  /** Follows the engine: requests go to the service's containers that run and are healthy, as Traefik has it. */
  follow(project) {
    const filters = ['--filter', `label=com.docker.compose.project=${project}`, '--filter', 'type=container'];
    this.#follower = spawn('docker', ['events', ...filters], { stdio: ['ignore', 'pipe', 'inherit'] });
    let turn = Promise.resolve();
    this.#follower.stdout.on('data', () => {
      turn = turn.then(async () => this.pointTo(await healthyServers(project, this.network)));
    });
  }

  async stop() {
    this.#follower?.kill();
    await sh(['docker', 'rm', '-f', this.name], { ok: [0, 1] });
  }

  #write(servers) {
    this.#servers = servers.join();
    const lines = servers.map((server) => `    server ${server}:8000;`).join('\n');
    const site = `daemon off;
pid /tmp/nginx.pid;
error_log stderr warn;
worker_processes 2;
events { worker_connections 4096; }
http {
  access_log off;
  upstream web {
${lines}
  }
  server {
    listen 8000 backlog=4096;
    location / {
      proxy_pass http://web;
      proxy_connect_timeout 5s;
      proxy_set_header Host $host;
    }
  }
}
`;
    writeFileSync(path.join(this.folder, 'nginx.conf'), site);
  }
}

/** Addresses of the containers of a compose project that run and, where they say so, are healthy. */
export async function healthyServers(project, network) {
  const ids = await docker('ps', '-q', '--filter', `label=com.docker.compose.project=${project}`);
  const all = await Promise.all(
    ids
      .split('\n')
      .filter(Boolean)
      .map((id) => inspected(id)),
  );
  return all
    .filter((one) => one?.State.Running && ['healthy', undefined].includes(one.State.Health?.Status))
    .map((one) => one.NetworkSettings.Networks[network]?.IPAddress)
    .filter(Boolean)
    .sort();
}

/** A container, or null when it is gone. */
export async function inspected(id) {
  const text = await sh(['docker', 'inspect', id], { ok: [0, 1] });
  return JSON.parse(text)[0] ?? null;
}
