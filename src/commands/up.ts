import { endpointUrl } from '../endpoint.js';
import { up, upPlan } from '../flow/up.js';
import type { Command } from './command.js';
import { planText } from './plan-text.js';
import { shapeText } from './status-text.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const { flags, paint } = context;
  const session = await withSession(context);
  const { name, why } = session.choice;
  if (flags.dryRun) {
    const { files, steps } = await upPlan(session, { force: flags.force ?? false });
    const changes = files.length > 0 || steps.length > 0;
    return {
      data: { target: { name, why }, changes, files, steps },
      text: changes ? planText(files, steps, flags.force ?? false, paint) : 'no changes\n',
    };
  }
  const { result, files } = await up(session, { waitSeconds: flags.wait ?? 60, force: flags.force ?? false });
  const url = endpointUrl(result.endpoint);
  const head = result.changed
    ? `${paint('green', 'up')} in ${result.seconds.toFixed(1)} s`
    : `${paint('green', 'no changes')}`;
  const text = [
    `${head}: release ${result.release} on ${paint('bold', url)}`,
    `  ${shapeText(result.claim)}`,
    ...(result.mended ?? []).map(({ what, message }) => `  mended ${what}: ${message}`),
    `  target ${name}: ${why}; ${result.endpoint.route.note}`,
    `  next: deploykit bench`,
    '',
  ].join('\n');
  return { data: { target: { name, why }, url, ...result, files }, text };
};
