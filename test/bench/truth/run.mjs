// Does the bench recover what is known? Local servers of known behaviour, one row each: truth | measured | right.
// `npm run bench:truth [-- --times 3] [--short] [--only TEXT] [--json]`; exit 1 when a row is wrong.
import { rows } from './rows.mjs';

const flag = (name) => process.argv.includes(`--${name}`);
const value = (name) => (flag(name) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : undefined);
const times = Number(value('times') ?? 1);
const only = value('only');
const chosen = rows.filter((row) => (!flag('short') || row.short) && (!only || row.name.includes(only)));

const results = [];
for (let time = 0; time < times; time++) {
  // The short rows wait more than they compute: those that do not are kept apart.
  const together = flag('short') ? chosen.filter((row) => !row.busy) : [];
  await Promise.all(together.map(measure));
  for (const row of chosen) if (!together.includes(row)) await measure(row);
}
const wrong = results.filter(({ right }) => !right).length;
if (flag('json')) print(JSON.stringify({ rows: results, wrong }, null, 2));
else print(`${results.length - wrong} of ${results.length} right`);
process.exit(wrong > 0 ? 1 : 0);

async function measure(row) {
  const result = { name: row.name, truth: row.truth, ...(await attempt(row)) };
  results.push(result);
  if (!flag('json')) print(line(result));
}

async function attempt(row) {
  try {
    return await row.run();
  } catch (error) {
    return { measured: String(error.message), right: false };
  }
}

function line({ name, truth, measured, right }) {
  return `${right ? 'right' : 'WRONG'}  ${name.padEnd(34)} | ${truth.padEnd(36)} | ${measured}`;
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
