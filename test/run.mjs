// `npm test`: set-up inside the project, static checks, then the rings; ends with "N passed, M failed".
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build, installDependencies, ROOT, run } from './setup.mjs';

installDependencies();
build();
process.env.DEPLOYKIT_CACHE ??= path.join(ROOT, '.cache');

const node = process.execPath;
const checks = {
  'types (tsc)': [node, 'node_modules/typescript/bin/tsc', '--noEmit'],
  'lint and format (biome)': [node, 'node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  'dead code (knip)': [node, 'node_modules/knip/bin/knip.js'],
};

let passed = 0;
let failed = 0;
for (const [name, argv] of Object.entries(checks)) {
  const ok = run(argv) === 0;
  process.stdout.write(`${ok ? 'ok' : 'FAILED'}: ${name}\n`);
  if (ok) passed++;
  else failed++;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'deploykit-test-'));
const logOf = (name) => path.join(folder, `${name}.log`);
// What is held to the clock most closely has the machine for itself; all others run side by side. What those said that ran
// beside the last ones stands whole below them.
const tallies = [await runProjects(['alone'])];
const beside = ['vm', 'live'];
const running = beside.map((name) => runProjects([name], logOf(name)));
tallies.push(await runProjects(['timed', 'unit', 'vm-service']), ...(await Promise.all(running)));
for (const name of beside) process.stdout.write(`\n${readFileSync(logOf(name), 'utf8')}`);
rmSync(folder, { recursive: true, force: true });

// Once more by name at the end: above, hundreds of lines of other lanes may follow it.
const indent = (text) => `  ${text.split('\n').slice(0, 12).join('\n  ')}\n`;
let skipped = 0;
for (const tally of tallies) {
  passed += tally.passed;
  failed += tally.failed;
  skipped += tally.skipped;
  for (const name of tally.retried) process.stdout.write(`needed another try: ${name}\n`);
  for (const { name, errors } of tally.failures) {
    process.stdout.write(`FAILED: ${name}\n${errors.map(indent).join('')}`);
  }
}
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = failed > 0 ? 1 : 0;

async function runProjects(projects, log) {
  const file = path.join(folder, `${projects.join('-')}.json`);
  const argv = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'];
  argv.push('--passWithNoTests', '--reporter=default', '--reporter=./test/tally.mjs');
  argv.push(...projects.flatMap((project) => ['--project', project]), ...process.argv.slice(2));
  const output = log ? openSync(log, 'w') : 'inherit';
  const child = spawn(node, argv, {
    cwd: ROOT,
    stdio: ['ignore', output, output],
    env: { ...process.env, DEPLOYKIT_TALLY: file },
  });
  const [code] = await once(child, 'close');
  const tally = readTally(projects, file);
  if (code !== 0 && tally.failed === 0) {
    tally.failed++;
    tally.failures.push({ name: `vitest of ${projects.join(' and ')}`, errors: [`exit ${code}`] });
  }
  return tally;
}

// A run that ended before it could report is a failure, not an absence.
function readTally(projects, file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const failure = { name: `vitest of ${projects.join(' and ')}`, errors: [`no tally: ${error.message}`] };
    return { passed: 0, failed: 1, skipped: 0, failures: [failure], retried: [] };
  }
}
