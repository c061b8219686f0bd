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
// Side by side; the first speaks as it runs, what the others said stands whole below it.
const lanes = [['unit', 'engine', 'timed'], ['vm'], ['live']];
const running = [];
for (const projects of lanes) running.push(runLane(projects, running.length));
const results = await Promise.all(running);
for (const result of results) {
  passed += result.numPassedTests;
  failed += result.numFailedTests + result.numFailedTestSuites;
}
rmSync(folder, { recursive: true, force: true });

const pending = results.reduce((sum, { numPendingTests }) => sum + numPendingTests, 0);
const skipped = pending > 0 ? `, ${pending} skipped` : '';
process.stdout.write(`${passed} passed, ${failed} failed${skipped}\n`);
process.exitCode = failed > 0 ? 1 : 0;

async function runLane(projects, lane) {
  const log = path.join(folder, `${lane}.log`);
  const result = await runProjects(projects, lane === 0 ? 1 : openSync(log, 'w'));
  if (lane > 0) {
    await running[lane - 1];
    process.stdout.write(`\n${readFileSync(log, 'utf8')}`);
  }
  return result;
}

async function runProjects(projects, said) {
  const report = path.join(folder, `${projects.join('-')}.json`);
  const argv = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'test/vitest.config.ts',
    '--passWithNoTests',
  ];
  argv.push(...projects.flatMap((project) => ['--project', project]), ...process.argv.slice(2));
  argv.push('--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
  const child = spawn(node, argv, { cwd: ROOT, stdio: ['ignore', said, said === 1 ? 2 : said] });
  await once(child, 'close');
  return readReport(projects, report);
}

// A run that ended before it could report is a failure, not an absence.
function readReport(projects, report) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    const broken = testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    ).length;
    return { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites: broken };
  } catch (error) {
    process.stderr.write(`vitest left no report of ${projects.join(' and ')}: ${error.message}\n`);
    return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numFailedTestSuites: 0 };
  }
}
