import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BESIDE_RULES } from '../src/uwsgi/lint/beside/rules.js';
import { RULES } from '../src/uwsgi/lint/rules/all.js';
import type { RuleText } from '../src/uwsgi/lint/types.js';
import { OPTIONS, optionAt } from '../src/uwsgi/option-table/table.js';
import { VERSIONS } from '../src/uwsgi/option-table/versions.js';

it('deploy/rules.md lists every rule of lint (UPDATE=1 writes it)', () => {
  const text = [
    '# Rules of deploykit lint',
    '',
    'Made from the program itself; a test holds it current.',
    '',
    'An error is a mistake whatever the purpose: uWSGI does something else than the line says, or a server that cannot be run well.',
    'A warning depends on what is meant. Errors give exit code 4; `--fail-on warning` counts warnings too.',
    'A rule is switched off for one line by a comment of its own before it: `; deploykit: ignore=RULE reason`.',
    '',
    '## For a uwsgi.ini',
    '',
    ...RULES.flatMap(paragraph),
    '## For a Dockerfile, a manifest, a unit, a list of requirements',
    '',
    ...BESIDE_RULES.flatMap(paragraph),
  ].join('\n');
  current('deploy/rules.md', `${text}`);
});

it('deploy/uwsgi-options.md lists every option of every known release (UPDATE=1 writes it)', () => {
  const owners = [...new Set(OPTIONS.map(({ owner }) => owner))].sort((a, b) =>
    a === 'core' ? -1 : b === 'core' ? 1 : a < b ? -1 : 1,
  );
  const text = [
    '# Options of uWSGI',
    '',
    `${VERSIONS[0]} to ${VERSIONS.at(-1)}, from the official sources; a test holds it equal to what installed binaries print.`,
    'B boolean · I integer · M megabytes · T text · L list, may be repeated · A acts or belongs to a block; `!` is taken at once, before placeholders are replaced.',
    '',
    ...owners.flatMap((owner) => [`## ${owner}`, '', list(owner), '']),
  ].join('\n');
  current('deploy/uwsgi-options.md', text);
});

it('every rule has an id of its own', () => {
  const ids = RULES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('knows an option of a release and none of another', () => {
  expect(optionAt('max-requests-delta', '2.0.28')).toBeUndefined();
  expect(optionAt('max-requests-delta', '2.0.29')).toMatchObject({
    kind: 'integer',
    since: '2.0.29',
    owner: 'core',
  });
  expect(optionAt('need-app', '2.0.27')).toMatchObject({ argument: 'no', until: '2.0.27' });
  expect(optionAt('need-app', '2.0.28')).toMatchObject({ argument: 'optional' });
  expect(optionAt('workers', '2.0.31')?.canonical).toBe(optionAt('processes', '2.0.31')?.canonical);
  expect(optionAt('listen', '2.0.31')).toMatchObject({ immediate: true });
  expect(optionAt('stats', '2.0.31')).toMatchObject({ implies: ['MASTER'], kind: 'text' });
});

function paragraph({ id, code, severity, title, does, mend, page }: RuleText): string[] {
  const more = page ? [`More: <${page}>`] : [];
  return [
    `### ${id}`,
    '',
    `${code}, ${severity}: ${title}.`,
    '',
    does,
    '',
    `Mend: ${mend}`,
    '',
    ...more,
    ...(page ? [''] : []),
  ];
}

const LETTERS = {
  boolean: 'B',
  inverted: 'B',
  integer: 'I',
  megabytes: 'M',
  text: 'T',
  list: 'L',
  logic: 'A',
  action: 'A',
};

function list(owner: string): string {
  return OPTIONS.filter((option) => option.owner === owner)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, kind, immediate, since, until }) => {
      const range = [
        since === VERSIONS[0] ? '' : `since ${since}`,
        until === VERSIONS.at(-1) ? '' : `until ${until}`,
      ];
      const when = range.filter(Boolean).join(', ');
      return `\`${name}\` ${LETTERS[kind]}${immediate ? '!' : ''}${when ? ` (${when})` : ''}`;
    })
    .join(' · ');
}

function current(file: string, text: string): void {
  if (process.env['UPDATE'] === '1') writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
}
