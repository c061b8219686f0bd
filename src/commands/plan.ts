import { planSession } from '../flow/session.js';
import type { Command } from './command.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const session = await withSession(context);
  const { plan } = await planSession(session);
  const { name, why } = session.choice;
  const rows = [{ what: 'target', value: name, why }, ...plan.decisions];
  const column = Math.max(...rows.map((row) => row.what.length));
  const text = rows.map(
    (row) =>
      `${context.paint('bold', row.what.padEnd(column))}  ${row.value}\n${' '.repeat(column + 2)}${context.paint('dim', row.why)}`,
  );
  return { data: plan, text: `${text.join('\n')}\n` };
};
