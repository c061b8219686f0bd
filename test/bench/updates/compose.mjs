import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { healthyServers, inspected, Router } from './router.mjs';
import { docker, eachSecond, sh } from './sh.mjs';

const PROBE = '/opt/venv/bin/python /opt/deploykit/probe.py get /up localhost';
const HEALTH_TIMEOUT_S = 60;

/** The service as a compose file has it; `extra`: more lines of it. */
function composeFile(extra) {
  return `version: "3.8"
services:
  web:
    image: \${IMAGE}
    tmpfs:
      - /run/deploykit:uid=10001,gid=10001,mode=0700
    sysctls:
      net.core.somaxconn: "4096"
    stop_grace_period: 40s
${extra}
`;
}

class Compose {
  constructor({ name, folder, port }, kind, extra) {
    this.project = `${name}-${kind}`;
    this.port = port;
    this.file = path.join(folder, kind, 'docker-compose.yml');
    mkdirSync(path.dirname(this.file));
    writeFileSync(this.file, composeFile(extra));
  }

  /** docker-compose, with the image that is wanted now. */
  run(image, ...argv) {
    const command = ['docker-compose', '-f', this.file, '-p', this.project, '--no-ansi', ...argv];
    return sh(command, { env: { IMAGE: image } });
  }

  async down(image) {
    await this.run(image, 'down', '-t', '5');
  }
}

/** `docker-compose up -d`: the container that publishes the port is stopped, and another is started. */
export class PlainCompose {
  title = 'docker-compose up -d';

  constructor(place) {
    this.compose = new Compose(place, 'plain', `    ports:\n      - "127.0.0.1:${place.port}:8000"`);
  }

  async start(image) {
    this.image = image;
    await this.compose.run(image, 'up', '-d');
  }

  async update(image) {
    await this.start(image);
    return true;
  }

  async stop() {
    await this.compose.down(this.image);
  }
}

/**
 * docker-rollout's steps, behind a router that follows the engine: twice as many containers, wait until the new ones are
 * healthy, at most 60 s, stop and remove the old ones; else the new ones. With `drain` as its page on container draining
 * says: before an old one is stopped it is made unhealthy, and given 10 s.
 */
export class Rollout {
  constructor(place, { drain }) {
    this.title = `docker-rollout${drain ? ', with its draining' : ''}`;
    this.drain = drain;
    const test = drain ? `test ! -f /tmp/drain && ${PROBE}` : PROBE;
    const lines = ['    healthcheck:', `      test: ${test}`, '      interval: 5s', '      retries: 1'];
    this.compose = new Compose(place, drain ? 'drain' : 'rollout', lines.join('\n'));
    this.router = new Router({ ...place, name: this.compose.project });
  }

  async start(image) {
    this.image = image;
    await this.compose.run(image, 'up', '-d');
    const network = `${this.compose.project}_default`;
    const servers = await eachSecond(30, async () => {
      const healthy = await healthyServers(this.compose.project, network);
      return healthy.length > 0 ? healthy : null;
    });
    await this.router.start(network, servers);
    this.router.follow(this.compose.project);
  }

  async update(image) {
    const [old] = await this.#ids(image);
    await this.compose.run(image, 'up', '-d', '--scale', 'web=2', '--no-recreate', 'web');
    const [added] = (await this.#ids(image)).filter((id) => id !== old);
    const healthy = await eachSecond(HEALTH_TIMEOUT_S, async () =>
      (await inspected(added))?.State.Health?.Status === 'healthy' ? true : null,
    );
    const goes = healthy ? old : added;
    if (healthy && this.drain) await docker('exec', old, 'sh', '-c', 'touch /tmp/drain && sleep 10');
    await docker('stop', goes);
    await docker('rm', goes);
    if (healthy) this.image = image;
    return healthy === true;
  }

  async #ids(image) {
    return (await this.compose.run(image, 'ps', '-q', 'web')).split('\n').filter(Boolean);
  }

  async stop() {
    await this.router.stop();
    await this.compose.down(this.image);
  }
}
