import type { TimeLimit } from '../flow/check/chain.js';
import type { CheckReport } from '../flow/check/check.js';
import type { CheckFinding, Severity } from '../flow/check/finding.js';
import { wrap } from '../report/wrap.js';
import type { Paint } from '../ui/colour.js';

const AREAS: Record<CheckFinding['area'], string> = {
  project: 'Project',
  environment: 'Environment',
  plan: 'Plan',
  files: 'Rendered files',
  backlog: 'Backlog',
  database: 'Database',
  gevent: 'gevent',
};
const COLOUR = { error: 'red', warning: 'yellow', info: 'cyan', ok: 'green' } as const;
const MARK: Record<Severity, string> = { error: 'error', warning: 'warn', info: 'info', ok: 'ok' };
const NARROWEST = 60;
const WIDEST = 80;

interface Look {
  paint: Paint;
  width: number;
}

/** How many findings there are of each severity. */
export function countsOf(findings: readonly CheckFinding[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, info: 0, ok: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** The report for people, in 60 to 80 columns; `width` is that of the terminal. */
export function checkText({ target, findings, timeouts }: CheckReport, look: Look): string {
  const width = Math.max(NARROWEST, Math.min(WIDEST, look.width));
  const lines = wrap(`${target.name}: ${target.kind}, ${target.why}`, width);
  const column = Math.min(16, Math.max(...findings.map(({ what }) => what.length)));
  for (const [area, title] of Object.entries(AREAS)) {
    const here = findings.filter((finding) => finding.area === area);
    if (here.length === 0) continue;
    lines.push('', look.paint('bold', title));
    for (const finding of here) lines.push(...rows(finding, column, { ...look, width }));
  }
  if (timeouts.length > 0) lines.push('', look.paint('bold', 'Who gives up when'), ...chain(timeouts, width));
  return `${lines.join('\n')}\n`;
}

// A subject longer than its column has the line to itself.
function rows(
  { severity, what, message, remedy }: CheckFinding,
  column: number,
  { paint, width }: Look,
): string[] {
  const indent = ' '.repeat(8 + column + 2);
  const mark = `  ${paint(COLOUR[severity], MARK[severity].padEnd(5))} `;
  const text = wrap(message, width - indent.length);
  const remedies = remedy === null ? [] : wrap(remedy, width - indent.length);
  const [first = '', ...rest] = text;
  const head =
    what.length > column ? [`${mark}${what}`, indent + first] : [`${mark}${what.padEnd(column)}  ${first}`];
  return [
    ...head,
    ...rest.map((line) => indent + line),
    ...remedies.map((line) => indent + paint('dim', line)),
  ];
}

function chain(limits: readonly TimeLimit[], width: number): string[] {
  const who = Math.max(...limits.map((limit) => limit.who.length));
  const setting = Math.max(...limits.map((limit) => limit.setting.length));
  const indent = ' '.repeat(2 + who + 2 + setting + 2 + 5 + 2);
  return limits.flatMap((limit) => {
    const seconds = limit.seconds === null ? 'none' : `${limit.seconds} s`;
    const head = `  ${limit.who.padEnd(who)}  ${limit.setting.padEnd(setting)}  ${seconds.padStart(5)}  `;
    return wrap(limit.meaning, width - indent.length).map(
      (line, index) => (index === 0 ? head : indent) + line,
    );
  });
}
