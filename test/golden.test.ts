import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTemplate } from '../src/host/templates.js';
import { buildPlan } from '../src/plan/build-plan.js';
import { containerLayout, systemdLayout } from '../src/plan/layout.js';
import type { Layout, TargetKind } from '../src/plan/types.js';
import { effectiveConfig } from '../src/project/config.js';
import { geventFindings, geventSentence } from '../src/project/gevent/findings.js';
import { loadProject } from '../src/project/load.js';
import { render } from '../src/render/render.js';
import { processLayout } from '../src/targets/process/layout.js';
import { FACTS } from './helpers/project.js';

// Each example: a project; what is found in it; the plan and files for each target it has a folder for in expected/.
// UPDATE=1 writes them anew; for a new example make the folders of its targets first.
const UPDATE = process.env['UPDATE'] === '1';
const EXAMPLES = readdirSync('test/examples').map((name) => ({
  name,
  dir: path.join('test/examples', name, 'project'),
}));

// What is the same everywhere one example holds: the helper scripts, and what nginx is told where nothing is written
// about it.
const WHOLE = 'flask-async';
const FRONTED = ['flask-front', 'behind-nginx'];
function isHeld(name: string, file: string): boolean {
  if (file.startsWith('nginx')) return name === WHOLE || FRONTED.includes(name);
  return name === WHOLE || !file.endsWith('.py');
}

describe.each(EXAMPLES)('example $name', ({ name, dir }) => {
  const expected = path.join('test/examples', name, 'expected');
  const kinds = readdirSync(expected, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  it('is understood as expected', async () => {
    compareFile(path.join(expected, 'detected.txt'), await detected(dir));
  });

  it.each(kinds.map((entry) => entry.name as TargetKind))(
    '%s: plan and files are as expected',
    async (kind) => {
      const { plan, artefacts } = await planExample(dir, kind);
      const own = artefacts.filter((each) => isHeld(name, each.path));
      const files = new Map([
        ['plan.json', `${JSON.stringify(plan, null, 2)}\n`],
        ...own.map((a) => [a.path, a.contents] as const),
      ]);
      compare(path.join(expected, kind), files);
    },
  );
});

describe("deploy/tutorial, the tutorial's deployment", () => {
  it.each(['docker', 'systemd'] as const)('holds what deploykit renders for %s', async (kind) => {
    const { artefacts } = await planExample('deploy/tutorial', kind, kind);
    compare(path.join('deploy/tutorial', kind), new Map(artefacts.map((a) => [a.path, a.contents])));
  });
});

// What was found and not written, with its evidence; what the user is warned of; what gevent would trip over.
async function detected(dir: string): Promise<string> {
  const loaded = await loadProject({ dir: path.resolve(dir), env: {} });
  const found = effectiveConfig(loaded)
    .filter(({ origin }) => origin.kind === 'detection')
    .map(({ path: key, value, origin }) => `${key} = ${JSON.stringify(value)}\n    ${origin.detail}`);
  const findings = (await geventFindings(loaded.project)).map((each) => {
    return `gevent, ${each.severity}: ${geventSentence(each)}`;
  });
  return [...found, ...loaded.warnings.map((text) => `warning: ${text}`), ...findings, ''].join('\n');
}

async function planExample(dir: string, kind: TargetKind, folder = `.deploykit/${kind}`) {
  const { project } = await loadProject({ dir: path.resolve(dir), env: {} });
  const plan = buildPlan({
    project,
    target: { name: kind, kind },
    facts: FACTS,
    layout: layoutOf(kind, project.name, project.app.dir),
    port: project.server.port,
  });
  return { plan, artefacts: render(plan, loadTemplate, folder) };
}

// The process target's paths depend on where the checkout lies: a fixed place stands for it.
function layoutOf(kind: TargetKind, name: string, appDir: string): Layout {
  if (kind === 'docker') return containerLayout(appDir);
  if (kind === 'systemd') return systemdLayout(name, appDir);
  return processLayout('/home/me/project', 'process', appDir, '/home/me/project/.deploykit/venvs/0');
}

function compare(folder: string, files: Map<string, string>): void {
  if (UPDATE) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [file, contents] of files) writeFileSync(path.join(folder, file), contents);
  }
  expect(existsSync(folder), `${folder}: missing, run npm run golden`).toBe(true);
  expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
  for (const [file, contents] of files)
    expect(readFileSync(path.join(folder, file), 'utf8'), file).toBe(contents);
}

function compareFile(file: string, contents: string): void {
  if (UPDATE) writeFileSync(file, contents);
  expect(readFileSync(file, 'utf8'), file).toBe(contents);
}
