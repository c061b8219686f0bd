import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadTemplate } from '../../src/host/templates.js';
import { buildPlan } from '../../src/plan/build-plan.js';
import { containerLayout } from '../../src/plan/layout.js';
import { render } from '../../src/render/render.js';
import { FACTS, makeProject } from '../helpers/project.js';

const schema = JSON.parse(readFileSync('test/fixtures/compose-spec/compose-spec.json', 'utf8'));
const { $schema: _, ...draft7 } = schema;
const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(draft7);

function compose(change: Parameters<typeof makeProject>[0] = {}, folder = 'deploy') {
  const target = { name: 'docker', kind: 'docker' } as const;
  const project = makeProject(change);
  const plan = buildPlan({ project, target, facts: FACTS, layout: containerLayout('.'), port: 8000 });
  const files = render(plan, loadTemplate, folder, 'compose');
  return parse(files.find(({ path }) => path === 'compose.yaml')?.contents ?? '');
}

describe('compose.yaml', () => {
  it.each([
    ['a plain project', {}],
    ['a front', { front: { kind: 'nginx' } }],
    ['limits', { target: { docker: { kind: 'docker', memory: '512m', cpus: 1.5, keep: 5, relax: [] } } }],
    [
      'volumes and a network',
      { target: { docker: { kind: 'docker', keep: 5, relax: [], volumes: ['/a:/b:ro'], network: 'db' } } },
    ],
    ['an environment', { app: { env: { A: 'yes', B: '$x', C: '' }, env_file: '.env', secrets: ['KEY'] } }],
  ] as [string, Parameters<typeof makeProject>[0]][])(
    '%s: valid by the schema of the specification',
    (_, change) => {
      expect(validate(compose(change)), JSON.stringify(validate.errors, null, 1)).toBe(true);
    },
  );

  it('finds the project from the folder it lies in', () => {
    expect(compose({}, 'deploy').services.app.build).toEqual({
      context: '..',
      dockerfile: 'deploy/Dockerfile',
    });
    expect(compose({}, '.').services.app.build).toEqual({ context: '.', dockerfile: 'Dockerfile' });
    expect(compose({ app: { env_file: 'a/.env' } }, 'x/y').services.app.env_file).toEqual(['../../a/.env']);
  });

  it('takes a secret from the environment, and ends without it', () => {
    expect(compose({ app: { secrets: ['KEY'] } }).services.app.environment.KEY).toMatch(/^\$\{KEY:\?/);
  });

  it('runs the container as the docker target does', () => {
    expect(compose().services.app).toMatchObject({
      user: '10001:10001',
      read_only: true,
      init: false,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      stop_signal: 'SIGTERM',
      stop_grace_period: '40s',
    });
  });
});
