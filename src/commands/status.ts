import { endpointUrl } from '../endpoint.js';
import { runnable } from '../flow/session.js';
import type { Command } from './command.js';
import { shapeText } from './up.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const session = await withSession(context, { running: true });
  const status = await runnable(session).status();
  const { name } = session.loaded.project;
  const url = status.endpoint ? endpointUrl(status.endpoint) : null;
  const data = { name, target: session.choice.name, url, ...status };
  if (!status.running) return { data, text: `${name} (${session.choice.name}): not running\n` };
  const { stats } = status;
  const lines = [
    `${context.paint('green', 'running')} ${name} on ${context.paint('bold', url ?? '')}`,
    `  release ${status.release}, started ${status.startedAt}, ${session.choice.kind} ${status.id}`,
    ...(status.claim ? [`  ${shapeText(status.claim)}`] : []),
    stats
      ? `  now: ${stats.busy} of ${stats.slots} slots busy, ${stats.queue} of ${stats.queueMax} queued; ` +
        `${stats.requests} requests, ${stats.exceptions} exceptions, ${stats.restarts} restarts`
      : '  now: the stats socket does not answer',
    ...(status.endpoint ? [`  ${status.endpoint.route.note}`] : []),
  ];
  return { data, text: `${lines.join('\n')}\n` };
};
