import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { buildPlan } from '../../../src/plan/build-plan.js';
import { containerLayout } from '../../../src/plan/layout.js';
import type { MachineFacts } from '../../../src/plan/types.js';
import type { Project } from '../../../src/project/types.js';
import { frontOptions } from '../../../src/targets/docker/front/options.js';
import { FACTS, makeProject } from '../../helpers/project.js';

const kind = 'docker';

interface Change {
  server?: Partial<Project['server']>;
  front?: Partial<Project['front']>;
  facts?: Partial<MachineFacts>;
}

function optionsOf(
  { server = {}, front = {}, facts = {} }: Change,
  image = 'i',
): Docker.ContainerCreateOptions {
  const plan = buildPlan({
    project: makeProject({ server, front: { kind: 'nginx', ...front }, target: { docker: { kind } } }),
    target: { name: kind, kind },
    facts: { ...FACTS, somaxconn: null, ...facts },
    layout: containerLayout('.'),
    port: server.port ?? 8000,
  });
  if (plan.front === null) throw new TypeError('planned without a front');
  return frontOptions(plan, plan.front, '/p', image);
}

describe('the container of the front', () => {
  const before = optionsOf({});
  const tls = { tls_certificate: '/c.pem', tls_key: '/k.pem' };

  it.each<[string, Change]>([
    ['request_timeout', { server: { request_timeout: 300 } }],
    ['graceful_timeout', { server: { graceful_timeout: 3000 } }],
    ['listen', { server: { listen: 65_535 } }],
    ['async', { server: { async: 2000 } }],
    ['buffer_size', { server: { buffer_size: 65_535 } }],
    ['the number of CPUs', { facts: { cpus: 64 } }],
    ['memory', { facts: { memoryBytes: 1024 ** 3 } }],
    ['body_limit', { front: { body_limit: '2g' } }],
    ['server_name', { front: { server_name: ['example.org'] } }],
    ['trusted_proxies', { front: { trusted_proxies: ['10.0.0.1'] } }],
    ['a certificate', { front: tls }],
  ])('stays when %s changes: a reload of nginx is enough', (_what, change) => {
    expect(optionsOf(change)).toEqual(before);
  });

  it.each<[string, Docker.ContainerCreateOptions]>([
    ['another port', optionsOf({ server: { port: 8001 } })],
    ['another address', optionsOf({ server: { bind: '0.0.0.0' } })],
    ['another image', optionsOf({}, 'j')],
    ['a port for plain HTTP', optionsOf({ front: { ...tls, http_port: 8080 } })],
    ['a folder for ACME', optionsOf({ front: { challenge_dir: '/srv/acme' } })],
  ])('is another for %s', (_what, options) => {
    expect(options.Labels).not.toEqual(before.Labels);
  });

  it('may take as long to stop as any request', () => {
    expect(optionsOf({ server: { request_timeout: 7200 } })).toMatchObject({ StopTimeout: 7210 });
  });
});
