import { inspected, Router } from './router.mjs';
import { docker, eachSecond, sh } from './sh.mjs';

const DEPLOY_TIMEOUT_S = 30;
const DRAIN_TIMEOUT_S = 30;

/**
 * Kamal's steps with nginx in kamal-proxy's place: a container beside the old one, GET of the health path once a second
 * until it answers 200, at most 30 s; then new requests go to it; when the old one has none left, it is stopped. One that
 * is never healthy is stopped, and nothing else happens.
 */
export class Kamal {
  title = "Kamal's steps";
  #number = 0;

  constructor(place) {
    this.name = `${place.name}-kamal`;
    this.router = new Router({ ...place, name: this.name });
  }

  async start(image) {
    await docker('network', 'create', this.name);
    this.current = await this.#run(image);
    await this.#healthy(this.current);
    await this.router.start(this.name, [await this.#address(this.current)]);
  }

  async update(image) {
    const [old, added] = [this.current, await this.#run(image)];
    if (!(await this.#healthy(added))) {
      await docker('stop', added);
      return false;
    }
    await this.router.pointTo([await this.#address(added)]);
    await this.router.drained(DRAIN_TIMEOUT_S);
    await docker('stop', old);
    this.current = added;
    return true;
  }

  async stop() {
    await this.router.stop();
    const ids = await docker('ps', '-aq', '--filter', `network=${this.name}`);
    await sh(['docker', 'rm', '-f', ...ids.split('\n').filter(Boolean)], { ok: [0, 1] });
    await docker('network', 'rm', this.name);
  }

  async #run(image) {
    this.#number++;
    const tmpfs = ['--tmpfs', '/run/deploykit:uid=10001,gid=10001,mode=0700'];
    const limits = [
      '--sysctl',
      'net.core.somaxconn=4096',
      '--stop-timeout',
      '40',
      '--restart',
      'unless-stopped',
    ];
    const name = `${this.name}-${this.#number}`;
    return docker('run', '-d', '--name', name, '--network', this.name, ...tmpfs, ...limits, image);
  }

  async #address(id) {
    return (await inspected(id)).NetworkSettings.Networks[this.name].IPAddress;
  }

  #healthy(id) {
    return eachSecond(DEPLOY_TIMEOUT_S, async () => {
      const address = await this.#address(id);
      try {
        const { status } = await fetch(`http://${address}:8000/up`, { signal: AbortSignal.timeout(5000) });
        return status === 200 ? true : null;
      } catch {
        return null; // it does not listen yet
      }
    });
  }
}
