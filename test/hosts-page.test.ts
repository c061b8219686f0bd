import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { expect, it } from 'vitest';
import { projectSchema } from '../src/project/schema.js';

const page = readFileSync('deploy/hosts.md', 'utf8');
const blocks = [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map(([, kind = '', text = '']) => ({
  kind,
  text,
}));

it('the page about hosts has project files that load, and the line for sudo that an error prints', () => {
  const [tables, others] = [
    blocks.filter(({ kind }) => kind === 'toml'),
    blocks.filter(({ kind }) => kind === ''),
  ];
  expect(tables.length + others.length).toBe(blocks.length);
  for (const { text } of tables) expect(projectSchema.safeParse(parse(text)).success, text).toBe(true);
  const line = /this line: \$\{user\} (.*)`/.exec(readFileSync('src/host/ssh.ts', 'utf8'))?.[1];
  expect(others.map(({ text }) => text)).toEqual([`deploy ${line}\n`]);
});
