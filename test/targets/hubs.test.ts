import { expect, it } from 'vitest';
import { hungWorkers } from '../../src/targets/process/hubs.js';
import { tempProject } from '../helpers/temp.js';

it('a hub that has not run for 5 s stands still, if it is a worker’s that is there', async () => {
  const now = Number(process.hrtime.bigint()) / 1e9;
  const hub = (pid: number, ago: number): string =>
    `${JSON.stringify({ pid, thread: 1, ran: now - ago })}  \n`;
  const run = tempProject({
    ...{ 'hub-1': hub(11, 1), 'hub-2': hub(12, 6), 'hub-3': hub(13, 600), 'hub-4': '' },
    'hung-2': 'Timeout',
  });
  expect(await hungWorkers(run, [11, 12, 14])).toBe(1);
});
