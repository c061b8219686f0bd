import type { Finding, RuleText } from './types.js';

/** `; deploykit: ignore=RULE[,RULE] reason`, on a line of its own before the line it is about. */
const COMMENT = /^\s*(?:;|#|\/\/)\s*deploykit:\s*ignore\s*=\s*([A-Za-z0-9_,-]+)(.*)$/;

const unusedIgnore: RuleText = {
  id: 'unused-ignore',
  code: 'L1',
  severity: 'note',
  title: 'a comment that ignores nothing',
  does: 'The line after it has no finding of that rule.',
  mend: 'Remove the comment.',
  page: '',
};

interface Ignore {
  file: string;
  line: number;
  column: number;
  /** The line it is about. */
  about: number;
  rule: string;
  used: boolean;
}

/** The findings that no comment ignores; and a note for each comment that ignores nothing. */
export function suppress(findings: Finding[], sources: readonly { file: string; text: string }[]): Finding[] {
  const ignores = sources.flatMap(ignoresOf);
  const kept = findings.filter((finding) => {
    const matching = ignores.filter(
      ({ file, about, rule }) =>
        file === finding.file && about === finding.line && (rule === finding.rule || rule === finding.code),
    );
    for (const ignore of matching) ignore.used = true;
    return matching.length === 0;
  });
  return [...kept, ...ignores.filter(({ used }) => !used).map(unusedFinding)];
}

function ignoresOf({ file, text }: { file: string; text: string }): Ignore[] {
  if (!text.includes('deploykit:')) return [];
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const rules = COMMENT.exec(line)?.[1];
    if (!rules) return [];
    const after = lines.findIndex((other, i) => i > index && !/^\s*([;#]|\/\/|$)/.test(other));
    const about = after < 0 ? index + 1 : after + 1;
    const column = line.search(/\S/) + 1;
    return rules
      .split(',')
      .filter(Boolean)
      .map((rule) => ({ file, line: index + 1, column, about, rule, used: false }));
  });
}

function unusedFinding({ file, line, column, rule }: Ignore): Finding {
  const { id, code, severity, does, mend, page } = unusedIgnore;
  const message = `nothing to ignore: ${rule}`;
  return {
    rule: id,
    code,
    severity,
    file,
    line,
    column,
    endColumn: column + 1,
    message,
    does,
    mend,
    page,
    stopsBoot: false,
  };
}
