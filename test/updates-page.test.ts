import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { expect, it } from 'vitest';
import { projectSchema } from '../src/project/schema.js';

const page = readFileSync('deploy/updates.md', 'utf8');

it('the page about updates has project files that load, and scripts and flags that there are', () => {
  const blocks = [...page.matchAll(/^```toml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);
  expect(blocks.length).toBeGreaterThan(1);
  for (const text of blocks) expect(projectSchema.safeParse(parse(text)).success, text).toBe(true);
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const named = [...page.matchAll(/`npm run ([\w:]+)`/g)].map(([, name = '']) => name);
  expect(named).toContain('drill:docker');
  for (const name of named) expect(scripts).toHaveProperty(name);
  const drill = readFileSync('test/rigs/drill/docker.mjs', 'utf8');
  const apps = [...page.matchAll(/`--app (\w+)`/g)].map(([, app = '']) => app);
  expect(apps).toEqual(['tutorial', 'django']);
  const known = /const APPS = (.*);/.exec(drill)?.[1];
  for (const app of apps) expect(known).toMatch(new RegExp(`\\b${app}\\b`));
});
