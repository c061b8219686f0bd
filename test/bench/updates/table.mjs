const sum = (runs, key) => runs.reduce((total, run) => total + run[key], 0);
const most = (runs, key) => Math.max(...runs.map((run) => run[key]));

/** What became of the requests of each method, as Markdown. */
export function printed(results) {
  const rows = results.map(({ method, updates, broken }) => [
    method,
    `${sum(updates, 'failed')} / ${sum(updates, 'requests')}`,
    most(updates, 'longestGapMs'),
    most(updates, 'slowestMs'),
    (sum(updates, 'seconds') / updates.length).toFixed(1),
    `${broken.failed} / ${broken.requests}`,
    broken.done ? 'no' : `after ${broken.seconds.toFixed(0)} s`,
  ]);
  const head = [
    'Method',
    'Failed / requests',
    'Longest gap, ms',
    'Slowest, ms',
    'Seconds an update',
    'Broken release: failed / requests',
    'Refused',
  ];
  const line = (cells) => `| ${cells.join(' | ')} |\n`;
  return [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map(line).join('');
}
