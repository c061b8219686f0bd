import path from 'node:path';
import { effectiveConfig } from '../project/config.js';
import { loadProject } from '../project/load.js';
import { type Command, overridesOf } from './command.js';

export const command: Command = async ({ flags, paint }) => {
  const loaded = await loadProject({
    dir: path.resolve(flags.projectDir ?? '.'),
    ...(flags.config ? { configFile: path.resolve(flags.config) } : {}),
    overrides: overridesOf(flags),
  });
  const rows = effectiveConfig(loaded);
  const column = Math.max(...rows.map((row) => row.path.length));
  const text = rows.map(
    (row) =>
      `${row.path.padEnd(column)}  ${JSON.stringify(row.value)}  ${paint('dim', `${row.origin.kind}: ${row.origin.detail}`)}`,
  );
  return { data: { settings: rows }, text: `${text.join('\n')}\n` };
};
