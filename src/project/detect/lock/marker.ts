/**
 * An environment marker (PEP 508) in disjunctive form: one of the rows must hold, and in it every comparison.
 * `[]` never holds, `[[]]` always does. Comparisons are kept as text: pip judges them where it installs.
 */
export type Condition = readonly (readonly string[])[];

export const ALWAYS: Condition = [[]];
export const NEVER: Condition = [];

/** Decides a comparison that pip cannot, such as `extra == "socks"`; null leaves it to pip. */
export type Decide = (left: string, operator: string, right: string) => boolean | null;

// Beyond this a condition is not worth its length; what is left out only makes it hold more often.
const MAX_ROWS = 64;
const TOKEN =
  /\s*(?:(\(|\))|('[^']*'|"[^"]*")|(===|==|~=|!=|<=|>=|<|>|not\s+in\b|in\b)|(and|or)\b|([A-Za-z_][\w.]*))/y;

/**
 * Reads a marker.
 * @throws SyntaxError when it is none.
 */
export function parseMarker(text: string, decide: Decide = () => null): Condition {
  const tokens = tokenise(text);
  let at = 0;
  const next = (): string => tokens[at++] ?? '';
  const either = (): Condition => {
    let value = both();
    while (tokens[at] === 'or') {
      at += 1;
      value = or(value, both());
    }
    return value;
  };
  const both = (): Condition => {
    let value = one();
    while (tokens[at] === 'and') {
      at += 1;
      value = and(value, one());
    }
    return value;
  };
  const one = (): Condition => {
    if (tokens[at] !== '(') return comparison(next(), next(), next(), text, decide);
    at += 1;
    const value = either();
    if (next() !== ')') throw new SyntaxError(`a bracket is not closed in the marker ${text}`);
    return value;
  };
  const value = either();
  if (at < tokens.length) throw new SyntaxError(`"${tokens[at]}" is not expected in the marker ${text}`);
  return value;
}

/** Both hold. Where the result would be too long to be of use it is the second alone, which holds more often. */
export function and(a: Condition, b: Condition): Condition {
  if (a.length * b.length > MAX_ROWS) return b;
  return shortest(a.flatMap((row) => b.map((other) => [...new Set([...row, ...other])])));
}

/** One of the two holds. */
export function or(a: Condition, b: Condition): Condition {
  const rows = shortest([...a, ...b]);
  return rows.length > MAX_ROWS ? ALWAYS : rows;
}

/** The marker as text; null when it always holds. */
export function markerText(condition: Condition): string | null {
  if (condition.some((row) => row.length === 0)) return null;
  const rows = condition.map((row) => row.join(' and '));
  return rows.length === 1 ? (rows[0] ?? null) : rows.map((row) => `(${row})`).join(' or ');
}

function tokenise(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let end = 0; text.slice(end).trim() !== ''; end = TOKEN.lastIndex) {
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError(`cannot read the marker ${text}`);
    tokens.push(match[0].trim().replace(/\s+/g, (blank) => (/^["']/.test(match[0].trim()) ? blank : ' ')));
  }
  return tokens;
}

function comparison(left: string, operator: string, right: string, text: string, decide: Decide): Condition {
  const isValue = (token: string): boolean =>
    /^(["'].*["']|(?!(and|or|in|not)$)[A-Za-z_][\w.]*)$/.test(token);
  const isOperator = /^([=~!<>]+|in|not in)$/.test(operator);
  if (!isValue(left) || !isOperator || !isValue(right))
    throw new SyntaxError(`cannot read the marker ${text}`);
  const decided = decide(unquote(left), operator, unquote(right));
  if (decided !== null) return decided ? ALWAYS : NEVER;
  return [[`${doubleQuoted(left)} ${operator} ${doubleQuoted(right)}`]];
}

function unquote(token: string): string {
  return /^["']/.test(token) ? token.slice(1, -1) : token;
}

function doubleQuoted(token: string): string {
  return token.startsWith("'") && !token.includes('"') ? `"${token.slice(1, -1)}"` : token;
}

// Without what another row implies: `a and b, or a` is `a`; `a or (not a and b)` is `a or b`.
function shortest(rows: readonly (readonly string[])[]): Condition {
  const kept: (readonly string[])[] = [];
  for (const row of [...rows].sort((a, b) => a.length - b.length)) {
    let short = row;
    for (const each of row) {
      const rest = short.filter((other) => other !== each);
      if (kept.some((other) => implies([...rest, opposite(each)], other))) short = rest;
    }
    if (!kept.some((other) => implies(short, other))) kept.push(short);
  }
  return kept;
}

function implies(row: readonly string[], other: readonly string[]): boolean {
  return other.every((each) => row.includes(each));
}

const OPPOSITES: Record<string, string> = {
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  '==': '!=',
  '!=': '==',
  in: 'not in',
  'not in': 'in',
};

function opposite(comparison: string): string {
  return comparison.replace(/ (<=|>=|<|>|==|!=|not in|in) /, (whole, operator: string) => {
    return whole.replace(operator, OPPOSITES[operator] ?? operator);
  });
}
