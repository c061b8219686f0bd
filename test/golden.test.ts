import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTemplate } from '../src/host/templates.js';
import { buildPlan } from '../src/plan/build-plan.js';
import { containerLayout, systemdLayout } from '../src/plan/layout.js';
import type { Layout, TargetKind } from '../src/plan/types.js';
import { loadProject } from '../src/project/load.js';
import { render } from '../src/render/render.js';
import { processLayout } from '../src/targets/process/layout.js';
import { FACTS } from './helpers/project.js';

// Each example: a project, and the plan and files that come of it for every target it names. UPDATE=1 writes them anew.
const UPDATE = process.env['UPDATE'] === '1';
const EXAMPLES = readdirSync('test/examples').map((name) => ({
  name,
  dir: path.join('test/examples', name, 'project'),
}));

describe.each(EXAMPLES)('example $name', ({ name, dir }) => {
  const expected = path.join('test/examples', name, 'expected');
  it.each(['docker', 'process', 'systemd'] as const)('%s: plan and files are as expected', async (kind) => {
    const { plan, artefacts } = await planExample(dir, kind);
    const files = new Map([
      ['plan.json', `${JSON.stringify(plan, null, 2)}\n`],
      ...artefacts.map((a) => [a.path, a.contents] as const),
    ]);
    compare(path.join(expected, kind), files);
  });
});

describe("deploy/tutorial, the tutorial's deployment", () => {
  it.each(['docker', 'systemd'] as const)('holds what deploykit renders for %s', async (kind) => {
    const { artefacts } = await planExample('deploy/tutorial', kind, kind);
    compare(path.join('deploy/tutorial', kind), new Map(artefacts.map((a) => [a.path, a.contents])));
  });
});

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
