import { DeploykitError } from '../errors.js';
import { checkDeployment } from '../flow/check/check.js';
import { checkText, countsOf } from './check-text.js';
import type { Command } from './command.js';
import { withSession } from './with-session.js';

export const command: Command = async (context) => {
  const session = await withSession(context);
  const report = await checkDeployment(session);
  const counts = countsOf(report.findings);
  const found = counts.error + counts.warning;
  const first = report.findings.find(({ severity }) => severity === 'error' || severity === 'warning');
  return {
    data: { ...report, counts },
    text: checkText(report, { paint: context.paint, width: context.width }),
    ...(found > 0
      ? {
          problem: new DeploykitError(
            'DK_CHECK_FOUND',
            `${plural(counts.error, 'error')} and ${plural(counts.warning, 'warning')}`,
            { hint: first?.remedy ?? first?.message ?? '' },
          ),
        }
      : {}),
  };
};

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
