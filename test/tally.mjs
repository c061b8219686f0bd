// What run.mjs reads of a vitest run: counts, and by name what failed and what needed another try.
import { writeFileSync } from 'node:fs';

export default class Tally {
  onTestRunEnd(modules, unhandled) {
    const tally = { passed: 0, failed: 0, skipped: 0, failures: [], retried: [] };
    for (const module of modules) {
      // a file that could not be loaded, or whose hook failed, has errors of its own beside its tests'
      addFailure(tally, module.relativeModuleId, module.errors());
      for (const suite of module.children.allSuites()) addFailure(tally, nameOf(suite), suite.errors());
      for (const test of module.children.allTests()) addTest(tally, test);
    }
    addFailure(tally, 'outside any test', unhandled);
    writeFileSync(process.env.DEPLOYKIT_TALLY, JSON.stringify(tally));
  }
}

function addTest(tally, test) {
  const { state, errors = [] } = test.result();
  if (state === 'failed') addFailure(tally, nameOf(test), errors);
  else tally[state === 'passed' ? 'passed' : 'skipped']++;
  if (state === 'passed' && test.diagnostic()?.flaky) tally.retried.push(nameOf(test));
}

function addFailure(tally, name, errors) {
  if (errors.length === 0) return;
  tally.failed++;
  tally.failures.push({ name, errors: errors.map(({ message }) => message) });
}

function nameOf(task) {
  return `${task.module.relativeModuleId} > ${task.fullName}`;
}
