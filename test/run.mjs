// `npm test`: set-up inside the project, static checks, then the rings; ends with "N passed, M failed".
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
const report = path.join(folder, 'report.json');
const filters = process.argv.slice(2);
const vitest = [node, 'node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'];
run([...vitest, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters], {
  stdio: ['ignore', 1, 2],
});
const results = readReport();
passed += results.numPassedTests;
failed += results.numFailedTests + results.numFailedTestSuites;
rmSync(folder, { recursive: true, force: true });

const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : '';
process.stdout.write(`${passed} passed, ${failed} failed${skipped}\n`);
process.exitCode = failed > 0 ? 1 : 0;

// A run that ended before it could report is a failure, not an absence.
function readReport() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    const broken = testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    ).length;
    return { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites: broken };
  } catch (error) {
    process.stderr.write(`vitest left no report: ${error.message}\n`);
    return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numFailedTestSuites: 0 };
  }
}
