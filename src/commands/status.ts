import { endpointUrl } from '../endpoint.js';
import { runnable } from '../flow/session.js';
import type { Command } from './command.js';
import { statusText } from './status-text.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const session = await withSession(context, { running: true });
  const status = await runnable(session).status();
  const { name } = session.loaded.project;
  const { name: target, kind } = session.choice;
  const url = status.endpoint ? endpointUrl(status.endpoint) : null;
  const text = statusText({ name, target, kind }, status, context.width, context.paint);
  return { data: { name, target, url, ...status }, text };
};
