import { docker, sh } from './sh.mjs';

/** Of ten requests one takes 1 s, the others 5 ms. */
const application = (version) => `import itertools, time
from flask import Flask
app = Flask(__name__)
turn = itertools.count(1)


@app.route("/")
def hello():
    time.sleep(1 if next(turn) % 10 == 0 else 0.005)
    return "${version}\\n"


@app.route("/up")
def up():
    return "up\\n"
`;

/** `deploykit up`; and, before anything is measured, what makes the images that all methods use. */
export class Deploykit {
  title = 'deploykit up';

  constructor(drill, updates) {
    this.drill = drill;
    this.versions = Array.from({ length: updates + 1 }, (_, i) => i);
  }

  /** A version's image under a name of its own, which no cleaning up removes. */
  image(version) {
    return `${this.drill.name}:${version}`;
  }

  /** Builds all versions and the broken one. @returns the image with nginx. */
  async build() {
    for (const version of this.versions) await this.#buildOne(version, true);
    await this.#buildOne('broken', false);
    return docker('inspect', '--format', '{{.Config.Image}}', `deploykit-${this.drill.name}.front`);
  }

  async start() {
    await this.#up(0);
  }

  async update(_, version) {
    return (await this.#up(version)).ok;
  }

  async stop() {
    await this.drill.deploykit('down', ...this.drill.where);
  }

  async clear() {
    await this.drill.deploykit('down', ...this.drill.where, '--purge');
    const own = await docker('images', '--format', '{{.Repository}}:{{.Tag}}', this.drill.name);
    for (const tag of own.split('\n').filter(Boolean)) await sh(['docker', 'rmi', tag], { ok: [0, 1] });
  }

  async #buildOne(version, works) {
    const before = await this.#images();
    const { ok, error } = await this.#up(version);
    if (ok !== works) throw new Error(`version ${version}: ${error?.message}\n${error?.excerpt}`);
    const [made] = (await this.#images()).filter((id) => !before.includes(id));
    await docker('tag', made, this.image(version));
  }

  async #images() {
    return (await docker('images', '-q', '--no-trunc', `deploykit/${this.drill.name}`)).split('\n');
  }

  #up(version) {
    const broken = version === 'broken' ? 'import nowhere_to_be_found\n' : '';
    this.drill.write('s1.py', broken + application(version));
    return this.drill.bringUp();
  }
}
