import { deploymentEvents } from '../flow/events.js';
import type { DeploymentEvent } from '../targets/events.js';
import type { Paint } from '../ui/colour.js';
import type { Command } from './command.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const { flags, writeLine, paint } = context;
  const session = await withSession(context, { running: true });
  const options = { follow: flags.follow ?? false, since: flags.since ?? 0 };
  const events: DeploymentEvent[] = [];
  for await (const event of deploymentEvents(session, options)) {
    // What goes on has no end to print one document at: then each event is a line of its own.
    if (flags.json && !options.follow) events.push(event);
    else writeLine(flags.json ? JSON.stringify(event) : eventLine(event, paint));
  }
  return { data: { events }, text: '', streamed: options.follow };
};

function eventLine({ at, event, subject, release, by, message }: DeploymentEvent, paint: Paint): string {
  const who = by === null ? '' : paint('dim', ` (${by})`);
  const about =
    release === null || subject.includes(release) || message.includes(release) ? '' : ` [${release}]`;
  const time = `${at.slice(0, 19).replace('T', ' ')} UTC`;
  return `${paint('dim', time)}  ${paint('bold', event.padEnd(19))} ${subject ? `${subject}: ` : ''}${message}${about}${who}`;
}
