import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTemplate } from '../../src/host/templates.js';
import { buildPlan } from '../../src/plan/build-plan.js';
import { containerLayout, systemdLayout } from '../../src/plan/layout.js';
import { render } from '../../src/render/render.js';
import { fill } from '../../src/render/template.js';
import { FACTS, makeProject } from '../helpers/project.js';

const project = makeProject({ server: { async: 100 }, app: { env: { GREETING: 'a "b" 50% $c' } } });

describe('templates', () => {
  it('a name that is missing is an error, not an empty place', () => {
    expect(() => fill('x = {{missing}}', {})).toThrow(/missing/);
  });

  it('nothing is escaped for HTML', () => {
    expect(fill('{{shellWord v}}', { v: `a&b<c>"d"` })).toBe(`'a&b<c>"d"'`);
  });

  it('no rendered file holds an undefined value or a template mark', () => {
    for (const kind of ['docker', 'systemd'] as const) {
      const layout = kind === 'docker' ? containerLayout('.') : systemdLayout('shop', '.');
      const plan = buildPlan({ project, target: { name: kind, kind }, facts: FACTS, layout, port: 8000 });
      for (const artefact of render(plan, loadTemplate, `.deploykit/${kind}`)) {
        expect(artefact.contents, artefact.path).not.toMatch(/undefined|\[object|\{\{/);
        expect(artefact.contents.endsWith('\n'), artefact.path).toBe(true);
      }
    }
  });

  it('every template is used', () => {
    const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(path.join('src', name), 'utf8'))
      .join('\n');
    // templates/project holds the JSON Schema for editors, which is not filled in.
    for (const folder of readdirSync('templates').filter((name) => name !== 'project')) {
      for (const name of readdirSync(path.join('templates', folder)))
        expect(source).toContain(`${folder}/${name}`);
    }
  });

  it('a CA bundle reaches every command that downloads and no layer', () => {
    const layout = containerLayout('.');
    const target = { name: 'docker', kind: 'docker' } as const;
    const plan = buildPlan({
      project,
      target,
      facts: FACTS,
      layout,
      port: 8000,
      caFileInContext: 'x/ca.pem',
    });
    const dockerfile =
      render(plan, loadTemplate, 'x').find(({ path: name }) => name === 'Dockerfile')?.contents ?? '';
    const downloads = dockerfile
      .split(/^(?=[A-Z]+ )/m)
      .filter((step) => /pip install|dnf .*install/s.test(step));
    expect(downloads).toHaveLength(4);
    for (const step of downloads)
      expect(step).toContain('--mount=type=bind,source=x/ca.pem,target=/run/deploykit-ca.pem');
    expect(dockerfile).not.toMatch(/^(COPY|ENV).*ca\.pem/m);
  });
});

describe('the Dockerfile of an EL at its end of life', () => {
  it('warns in its head, takes packages from the archive in both stages, and pip first', () => {
    const plan = buildPlan({
      project: makeProject({ image: { base: 'quay.io/centos/centos:7' } }),
      target: { name: 'docker', kind: 'docker' },
      facts: FACTS,
      layout: containerLayout('.'),
      port: 8000,
    });
    const files = render(plan, loadTemplate, 'x');
    const text = files.find(({ path: name }) => name === 'Dockerfile')?.contents ?? '';
    expect(text).toMatch(/^# WARNING: quay.io\/centos\/centos:7 is at its end of life/m);
    expect(text.match(/RUN sed -i 's\|.*vault\.centos\.org\/7\.9\.2009\|' /g)).toHaveLength(2);
    expect(text.indexOf('pip==21.3.1')).toBeLessThan(text.indexOf('uwsgi=='));
    expect(text).toContain('RUN yum -y --setopt=tsflags=nodocs install');
  });
});
