import { redactUrl } from './redact-url.js';

/** One logical line of a requirements file. */
export type RequirementLine =
  /** `spec` is a PEP 508 requirement, a path (`./lib`) or `-e PATH`; passwords in its URL are cut out. */
  | { kind: 'requirement'; spec: string; hashed: boolean; line: number }
  /** `-r` or `-c`. */
  | { kind: 'include'; installs: boolean; target: string; line: number }
  | { kind: 'option'; text: string; line: number }
  | { kind: 'unknown'; text: string; line: number };

/**
 * Reads the format of `pip install -r` (pip's "Requirements File Format"), line by line and forgiving: what pip would
 * refuse is `unknown`, and the rest is still read. Lines are 1-based; a continued line counts where it begins.
 */
export function scanRequirements(text: string): RequirementLine[] {
  return logicalLines(text).flatMap(({ content, line }) => {
    // pip takes a `#` for a comment only at the start or after a blank: URLs carry fragments.
    const bare = content.replace(/(^|\s)#.*$/, '').trim();
    return bare === '' ? [] : [readLine(bare, line)];
  });
}

// As pip, which uses Python's str.splitlines().
const LINE_END = /\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]/;

function logicalLines(text: string): { content: string; line: number }[] {
  const lines: { content: string; line: number }[] = [];
  let open: { content: string; line: number } | null = null;
  for (const [index, raw] of text.split(LINE_END).entries()) {
    const isComment = /^\s*#/.test(raw);
    const continues = raw.endsWith('\\') && !isComment;
    const content = continues ? raw.slice(0, -1) : raw;
    if (open) open.content += isComment ? '' : content;
    else open = { content, line: index + 1 };
    if (continues) continue;
    lines.push(open);
    open = null;
  }
  if (open) lines.push(open);
  return lines;
}

const NAME = '[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?';
const EXTRAS = String.raw`(?:\s*\[[^\]]*\])?`;
const VERSION = String.raw`(?:===|==|~=|!=|<=|>=|<|>)\s*[^\s,;()]+`;
const VERSIONS = String.raw`(?:\s*\(?\s*${VERSION}(?:\s*,\s*${VERSION})*\s*,?\s*\)?)?`;
const MARKER = String.raw`(?:\s*;.*)?`;
const NAMED = new RegExp(String.raw`^${NAME}${EXTRAS}${VERSIONS}\s*${MARKER}$`);
const DIRECT = new RegExp(String.raw`^${NAME}${EXTRAS}\s*@\s*\S+\s*${MARKER}$`);

function readLine(content: string, line: number): RequirementLine {
  const include = /^(?:(-r|--requirement)|-c|--constraint)(?:\s*=\s*|\s+|(?<=-[rc]))(\S.*)$/.exec(content);
  if (include) return { kind: 'include', installs: include[1] !== undefined, target: include[2] ?? '', line };
  const editable = /^(?:-e|--editable)(?:\s*=\s*|\s+|(?<=^-e))(\S+)/.exec(content)?.[1];
  if (editable !== undefined)
    return { kind: 'requirement', spec: source(editable, '-e '), hashed: false, line };
  if (content.startsWith('-')) return { kind: 'option', text: content, line };
  const hashed = /\s--hash[= ]/.test(content);
  // Options that follow a requirement: --hash, --config-settings, --global-option.
  const spec = content.replace(/\s+--\w[\w-]*(?:[= ].*)?$/s, '').trim();
  if (NAMED.test(spec) && !isPath(spec)) return { kind: 'requirement', spec, hashed, line };
  if (DIRECT.test(spec)) return { kind: 'requirement', spec: redactUrl(spec), hashed, line };
  if (isUrl(spec) || isPath(spec)) return { kind: 'requirement', spec: source(spec, ''), hashed, line };
  return { kind: 'unknown', text: redactUrl(content), line };
}

// A URL becomes a PEP 508 direct reference when it tells its name; a path keeps `./`, by which one knows it.
function source(target: string, prefix: string): string {
  if (!isUrl(target)) return prefix !== '' || /^[./]/.test(target) ? `${prefix}${target}` : `./${target}`;
  const egg = /[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(target)?.[1];
  return redactUrl(egg === undefined ? target : `${egg} @ ${target}`);
}

function isUrl(text: string): boolean {
  return /^(?:https?|ftp|file|(?:git|hg|svn|bzr)(?:\+[a-z]+)?):/i.test(text);
}

function isPath(text: string): boolean {
  return (
    /^\.{0,2}\/|^\.{1,2}$/.test(text) ||
    /^\S+\.(?:whl|zip|tar\.gz|tgz|tar\.bz2)(?:\s*;.*)?$/.test(text) ||
    /^[\w.-]+\/\S*$/.test(text)
  );
}
