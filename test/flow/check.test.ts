import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkText } from '../../src/commands/check-text.js';
import { backlogFinding, uploadFindings } from '../../src/flow/check/capacity.js';
import { timeLimits } from '../../src/flow/check/chain.js';
import { databaseFindings } from '../../src/flow/check/database.js';
import type { CheckFinding } from '../../src/flow/check/finding.js';
import { buildPlan } from '../../src/plan/build-plan.js';
import { containerLayout } from '../../src/plan/layout.js';
import { painter } from '../../src/ui/colour.js';
import { FACTS, makeProject } from '../helpers/project.js';
import { tempProject } from '../helpers/temp.js';

type Change = Parameters<typeof makeProject>[0];

function planOf(change: Change, somaxconn = 4096) {
  const target = { name: 'docker', kind: 'docker' } as const;
  const facts = { ...FACTS, somaxconn };
  return buildPlan({ project: makeProject(change), target, facts, layout: containerLayout('.'), port: 8000 });
}

describe('the chain of timeouts', () => {
  it('with a front: nginx outlasts the request, the supervisor outlasts the worker', () => {
    const limits = timeLimits(planOf({ server: { threads: 4 }, front: { kind: 'nginx' } }));
    const seconds = (setting: string) => limits.find((limit) => limit.setting === setting)?.seconds ?? 0;
    expect(seconds('uwsgi_read_timeout')).toBeGreaterThan(seconds('harakiri'));
    expect(seconds('worker-reload-mercy')).toBeGreaterThanOrEqual(seconds('harakiri'));
    expect(seconds('stop grace')).toBeGreaterThan(seconds('worker-reload-mercy'));
  });

  it('with gevent nothing ends a request, and that is said', () => {
    const limits = timeLimits(planOf({ server: { async: 10 } }));
    expect(limits.find(({ setting }) => setting === 'harakiri')).toMatchObject({ seconds: null });
  });
});

describe('the backlog', () => {
  it('is too short when the kernel cuts it below the slots', () => {
    const server = { async: 100, processes: 2 };
    expect(backlogFinding(planOf({ server })).severity).toBe('ok');
    const short = backlogFinding(planOf({ server, front: { kind: 'none' } }, 128));
    expect(short).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('128 waiting for 200 slots'),
    });
  });

  it('behind nginx: what is beyond it is told', () => {
    const { message } = backlogFinding(planOf({ server: { async: 100, processes: 2 } }));
    expect(message).toBe('4096 waiting for 200 slots; nginx answers 502 to more at once');
  });
});

describe('uploads and the memory of a container', () => {
  const found = (body_limit: string | undefined, memory: string | undefined) =>
    uploadFindings(
      planOf({
        front: { kind: 'nginx', ...(body_limit ? { body_limit } : {}) },
        target: { docker: { kind: 'docker', ...(memory ? { memory } : {}) } },
      }),
    );

  it('four of the largest may take half of it', () => {
    expect(found('1G', '8g')).toMatchObject([
      { severity: 'ok', message: '4 of 1g at once take 4096 MB of a memory of 8192 MB' },
    ]);
    expect(found('1g', '8191m')).toMatchObject([
      {
        severity: 'warning',
        what: 'uploads',
        message: expect.stringContaining('4096 MB of a memory of 8191 MB'),
        remedy: expect.stringMatching(/^Raise \[target\.docker\] memory to 8192m,/),
      },
    ]);
    expect(found(undefined, '512m')).toMatchObject([{ severity: 'ok' }]);
  });

  it('nothing is said without a limit', () => {
    expect(found('1g', undefined)).toEqual([]);
  });
});

describe('database connections against slots', () => {
  async function findings(
    code: string,
    specs: string[],
    change: Change,
    framework: 'flask' | 'django' = 'flask',
  ) {
    const project = makeProject(change);
    const dir = tempProject({ 'app.py': code });
    const { requirements } = project.app;
    const app = { ...project.app, framework, requirements: { ...requirements, specs } };
    return databaseFindings({ ...project, dir, app }, planOf(change));
  }
  const hundred = { server: { async: 100, processes: 2 } };

  it("SQLAlchemy's own pool of 15 is small for 100 greenlets", async () => {
    const [found] = await findings('engine = create_engine(URL)\n', ['Flask-SQLAlchemy==3.1'], hundred);
    expect(found).toMatchObject({ severity: 'warning', what: 'pool' });
    expect(found?.message).toContain('15 connections a process');
  });

  it.each([
    ['create_engine(URL, pool_size=80, max_overflow=20)\n', 'ok', 1],
    ['\nSQLALCHEMY_ENGINE_OPTIONS = {"pool_size": 90}\n', 'ok', 2],
    ['app.config["SQLALCHEMY_POOL_SIZE"] = 20\n', 'warning', 1],
    ['# pool_size=200\nx = 1\n', 'warning', undefined],
  ])('%j: %s', async (code, severity, line) => {
    const [found] = await findings(code, ['sqlalchemy'], hundred);
    expect(found?.severity).toBe(severity);
    expect(found?.line).toBe(line);
  });

  it('threads fewer than the pool are well, and a project without a database is not asked', async () => {
    expect((await findings('', ['sqlalchemy'], { server: { threads: 8 } }))[0]?.severity).toBe('ok');
    expect(await findings('', ['flask'], hundred)).toEqual([]);
  });

  it('Django keeps connections of threads that never come again under gevent', async () => {
    const code = 'DATABASES = {"default": {"CONN_MAX_AGE": 600}}\n';
    expect((await findings(code, ['django'], hundred, 'django'))[0]).toMatchObject({
      severity: 'warning',
      line: 1,
    });
    expect((await findings(code, ['django'], { server: { threads: 4 } }, 'django'))[0]?.severity).toBe('ok');
  });
});

describe("a pool of Django's", () => {
  const findings = async (options: string) => {
    const project = makeProject({ server: { async: 100, processes: 2 } });
    const dir = tempProject({ 'settings.py': `DATABASES = {"default": {"OPTIONS": {${options}}}}\n` });
    const app = { ...project.app, framework: 'django' as const };
    const plan = planOf({ server: { async: 100, processes: 2 } });
    return (await databaseFindings({ ...project, dir, app }, plan))[0];
  };

  it.each([
    ['"pool": True', 'warning', '4 connections a process'],
    ['"pool": {"min_size": 2}', 'warning', '2 connections a process'],
    ["'pool': {'min_size': 2, 'max_size': 20}", 'warning', '20 connections a process'],
    ['"pool": {"max_size": 100}', 'ok', 'up to 200 in all'],
    ['"pool": False', 'ok', 'a connection for each of 200 slots'],
  ])('%s: %s', async (options, severity, words) => {
    expect(await findings(options)).toMatchObject({ severity, message: expect.stringContaining(words) });
  });
});

describe('the text', () => {
  it('fits 80 columns, whatever is found, unless one word does not', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '.', '/'), minLength: 1, maxLength: 40 });
    const sentence = fc.array(word, { minLength: 1, maxLength: 30 }).map((words) => words.join(' '));
    const finding = fc.record({
      severity: fc.constantFrom('error', 'warning', 'info', 'ok'),
      area: fc.constantFrom('project', 'environment', 'gevent'),
      what: word,
      message: sentence,
      remedy: fc.option(sentence),
    }) as fc.Arbitrary<CheckFinding>;
    fc.assert(
      fc.property(
        fc.array(finding, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 20, max: 300 }),
        (list, width) => {
          const report = {
            target: { name: 'docker', kind: 'docker', why: 'asked for' },
            findings: list,
            timeouts: timeLimits(planOf({ server: { async: 10 }, front: { kind: 'nginx' } })),
          };
          for (const line of checkText(report, { paint: painter(false), width }).split('\n'))
            expect(line.length, line).toBeLessThanOrEqual(80);
        },
      ),
    );
  });
});
