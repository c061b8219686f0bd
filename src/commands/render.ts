import { DeploykitError } from '../errors.js';
import { planSession } from '../flow/session.js';
import { writeRendered } from '../flow/write-rendered.js';
import type { Command } from './command.js';
import { toolOf } from './render-tool.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const { flags, paint } = context;
  const session = await withSession(context);
  if (flags.out === undefined) {
    const { artefacts } = await planSession(session, undefined, toolOf(flags));
    const text = artefacts
      .map((file) => `${paint('bold', `──── ${file.path}`)}\n${file.contents}`)
      .join('\n');
    return { data: { files: artefacts }, text };
  }
  const report = await writeRendered(session, flags.out, {
    force: flags.force ?? false,
    format: toolOf(flags),
  });
  const [first] = report.kept;
  if (first) {
    throw new DeploykitError(
      'DK_EDITED_FILE',
      `${report.kept.map((file) => file.path).join(', ')}: edited by hand, kept`,
      {
        excerpt: report.kept.map((file) => file.diff).join('\n'),
        hint: 'Move your edit into deploykit.toml, or write the file anew with --force.',
      },
    );
  }
  const text = [
    ...report.written.map((file) => `wrote ${file}`),
    ...report.unchanged.map((file) => `unchanged ${file}`),
  ];
  return { data: report, text: `${text.join('\n')}\n` };
};
