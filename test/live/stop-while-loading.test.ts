import { rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { cli } from '../helpers/cli.js';
import { describeWith, EL_BASE } from '../helpers/rigs.js';
import { tempProject } from '../helpers/temp.js';

const LOAD_S = 8;
// The grace time of both is 40 s.
const LIMIT_MS = 30_000;

// A worker that replaces another takes its time to load. With gevent each loads the application itself (lazy-apps).
const APP = `import os, signal, tempfile, time
from flask import Flask

MARK = os.path.join(tempfile.gettempdir(), "replaced-%d" % os.getppid())
if os.path.exists(MARK):
    os.remove(MARK)
    time.sleep(${LOAD_S})

app = Flask(__name__)

@app.route("/")
def index():
    return "ok"

@app.route("/die")
def die():
    open(MARK, "w").close()
    os.kill(os.getpid(), signal.SIGKILL)
`;
const PROJECT = '[app]\nmodule = "s1:app"\n';

const SHAPES = [
  ['process', 'on this machine', ['-t', 'process'], PROJECT],
  ['docker', 'in one container', ['-t', 'docker', '--base', EL_BASE], `${PROJECT}[front]\nkind = "none"\n`],
  ['docker', 'behind a front', ['-t', 'docker', '--base', EL_BASE], PROJECT],
] as const;

for (const [rig, where, flags, project] of SHAPES) {
  describeWith(rig, `a server ${where} that is told to end while a worker loads the application`, () => {
    const files = { 's1.py': APP, 'requirements.txt': 'flask\n', 'deploykit.toml': project };
    const dir = tempProject(files, { keep: true });
    afterAll(async () => {
      await cli(['down', ...flags.slice(0, 2), '--purge'], { cwd: dir });
      rmSync(dir, { recursive: true, force: true });
    });

    it('is heard as soon as that is loaded, and not killed after its grace time', async () => {
      const up = await cli(['up', ...flags, '--port', '0', '--async', '20', '--json'], { cwd: dir });
      expect(up.json.ok, up.stderr).toBe(true);
      const { url } = up.json.data;
      const died = await fetch(`${url}/die`).then(
        ({ status }) => status,
        () => 'closed',
      );
      expect(['closed', 502]).toContain(died);
      const restarts = async (): Promise<number> =>
        (await cli(['status', '--json'], { cwd: dir })).json.data.stats.restarts;
      await expect.poll(restarts, { timeout: 20_000 }).toBeGreaterThan(0);
      const down = await cli(['down', '--json'], { cwd: dir });
      expect(down.json.ok, down.stderr).toBe(true);
      expect(down.took).toBeLessThan(LIMIT_MS);
    });
  });
}
