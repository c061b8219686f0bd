import { DeploykitError } from '../errors.js';
import { drill } from '../flow/drill/drill.js';
import { drillText } from '../report/drill-text.js';
import type { Command } from './command.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const { flags } = context;
  const session = await withSession(context, { running: true });
  const events = await drill(session, {
    rate: flags.rate ?? 20,
    path: flags.path,
    keepAlive: flags.keepAlive ?? false,
    events: flags.event,
    waitSeconds: flags.wait ?? 60,
  });
  const failed = events.reduce((sum, event) => sum + event.failed, 0);
  const broken = events.filter(({ problem }) => problem !== null).length;
  const answer = { data: { events, failed }, text: drillText(events) };
  if (failed === 0 && broken === 0) return answer;
  const what = [
    ...(failed > 0 ? [`${failed} requests failed`] : []),
    ...(broken > 0 ? [`${broken} events did not work`] : []),
  ];
  const nature = events.find((event) => event.nature !== null);
  const hint = nature
    ? `In the nature of "${nature.event}": ${nature.nature}.`
    : 'The log of the server says more: deploykit logs.';
  return { ...answer, problem: new DeploykitError('DK_DRILL_FAIL', what.join(', '), { hint }) };
};
