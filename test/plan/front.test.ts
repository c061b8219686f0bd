import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPlan } from '../../src/plan/build-plan.js';
import { containerLayout, systemdLayout } from '../../src/plan/layout.js';
import type { TargetKind } from '../../src/plan/types.js';
import { projectSchema } from '../../src/project/schema.js';
import { FACTS, makeProject } from '../helpers/project.js';

type Change = Parameters<typeof makeProject>[0];

function plan(change: Change, kind: TargetKind = 'docker') {
  const layout = kind === 'systemd' ? systemdLayout('shop', '.') : containerLayout('.');
  const target = { name: kind, kind };
  return buildPlan({ project: makeProject(change), target, facts: FACTS, layout, port: 8080 });
}

const front = (change: Change = {}, kind: TargetKind = 'docker') =>
  plan({ ...change, front: { kind: 'nginx', ...change.front } }, kind).front;

describe('the front', () => {
  it('is there on docker unless refused, on systemd when asked for, on the process target never', () => {
    const kinds = (asked: Change): boolean[] =>
      (['docker', 'systemd', 'process'] as const).map((kind) => plan(asked, kind).front !== null);
    expect(kinds({})).toEqual([true, false, false]);
    expect(kinds({ front: { kind: 'nginx' } })).toEqual([true, true, false]);
    expect(kinds({ front: { kind: 'none' } })).toEqual([false, false, false]);
  });

  it('is not on a base that packages none, unless asked for: that base may have another repository', () => {
    const image = { base: 'quay.io/centos/centos:7' };
    const none = plan({ image });
    expect(none.front).toBeNull();
    expect(none.decisions.find(({ what }) => what === 'front')?.why).toContain('packages no nginx');
    expect(front({ image })).not.toBeNull();
  });

  it('gives a server behind it a queue that takes what TCP would make wait', () => {
    const listen = (change: Change, kind: TargetKind) => plan(change, kind).server.listen;
    expect(listen({}, 'docker')).toBe(4096);
    expect(listen({ front: { kind: 'nginx' } }, 'systemd')).toBe(4096);
    expect(listen({ front: { kind: 'none' } }, 'docker')).toBe(128);
  });

  it('speaks uwsgi to the server, which keeps a private HTTP socket', () => {
    const sockets = (kind: TargetKind) =>
      plan({ front: { kind: 'nginx' } }, kind).server.settings.filter(([name]) => name.endsWith('-socket'));
    // The other one is an argument of each container: no two may have the same path.
    expect(sockets('docker')).toEqual([['http-socket', '0.0.0.0:8000']]);
    expect(sockets('systemd').map(([name]) => name)).toEqual(['uwsgi-socket', 'http-socket']);
  });

  it.each([
    [{}, 256],
    [{ body_limit: '8k' }, 256],
    [{ body_limit: '65m' }, 260],
    [{ body_limit: '66000k' }, 258],
    [{ body_limit: '1G' }, 4096],
    [{ kind: 'none', body_limit: '1g' }, 256],
  ] as const)(
    'with %j leaves %i MB of /tmp to a container: four of the largest bodies',
    (asked, megabytes) => {
      const { container, decisions } = plan({ front: { kind: 'nginx', ...asked } });
      expect(container?.tmpBytes).toBeGreaterThanOrEqual((megabytes - 1) * 1024 ** 2 + 1);
      expect(container?.tmpBytes).toBeLessThanOrEqual(megabytes * 1024 ** 2);
      const told = decisions.find(({ what }) => what === '/tmp')?.value;
      expect(told).toBe('kind' in asked ? undefined : `${megabytes} MB`);
    },
  );

  it('tries no second worker when the first may have been ended for its request', () => {
    const retry = (server: NonNullable<Change>['server']) =>
      front({ server: { async: 10, ...server } })?.timeouts.retry;
    expect(retry({})).toBe(28);
    expect(retry({ hang_timeout: 10 })).toBe(8);
    expect(retry({ request_timeout: 1, hang_timeout: 0 })).toBe(1);
  });

  it('waits longer than a request may take, takes less header than the server holds, has room for every slot', () => {
    fc.assert(
      fc.property(
        fc.record({
          request_timeout: fc.integer({ min: 1, max: 86400 }),
          buffer_size: fc.integer({ min: 4096, max: 65535 }),
          async: fc.integer({ min: 2, max: 10000 }),
        }),
        (server) => {
          const planned = plan({ server, front: { kind: 'nginx' } });
          const { timeouts, headerBytes, workerConnections, nofile } = planned.front ?? expect.fail();
          expect(timeouts.read).toBeGreaterThan(planned.server.timeouts.request);
          expect(headerBytes).toBeLessThan(server.buffer_size);
          expect(workerConnections).toBeGreaterThan(2 * (planned.server.slots + planned.server.listen));
          expect(nofile).toBeGreaterThan(workerConnections);
        },
      ),
    );
  });

  it('lets an 8 KB cookie pass as it is', () => {
    expect(front()?.headerBytes).toBeGreaterThan(8192 + 1024);
  });

  it('serves static folders from where nginx sees them', () => {
    const server = { static: { '/static/': 'static', '/m': 'media' } };
    expect(front({ server }, 'systemd')?.static).toEqual([
      { prefix: '/m', folder: '/srv/shop/current/app/media' },
      { prefix: '/static', folder: '/srv/shop/current/app/static' },
    ]);
    expect(front({ server })?.static).toEqual([]);
  });

  const tls = { tls_certificate: '/etc/tls/a.pem', tls_key: '/etc/tls/a.key' };

  it.each([
    ['a certificate without its key', { tls_certificate: '/etc/tls/a.pem' }],
    ['a way to HTTPS that is not there', { http_port: 80 }],
    ['HSTS without TLS', { hsts: 60 }],
    ['two servers on one port', { ...tls, http_port: 8080 }],
  ])('refuses %s', (_, asked) => {
    expect(() => front({ front: asked })).toThrow(expect.objectContaining({ code: 'DK_CONFIG_INVALID' }));
  });

  it('with TLS asks for the name that the certificate is for', () => {
    const hostHeader = (change: Change): string => plan(change).app.hostHeader;
    const server_name = ['*.shop.example', 'shop.example'];
    expect(hostHeader({ front: { kind: 'nginx', ...tls, server_name } })).toBe('shop.example');
    expect(hostHeader({ front: { kind: 'nginx', ...tls } })).toBe('localhost');
    expect(hostHeader({ front: { kind: 'nginx', server_name } })).toBe('localhost');
    const app = { host: 'own.example' };
    expect(hostHeader({ app, front: { kind: 'nginx', ...tls, server_name } })).toBe('own.example');
  });

  it('sends plain HTTP on from a port of its own', () => {
    const asked = { front: { ...tls, http_port: 80 } };
    expect(front(asked)?.tls?.plain).toEqual({ listen: '8080', port: 80 });
    expect(front(asked, 'systemd')?.tls?.plain).toEqual({ listen: '127.0.0.1:80', port: 80 });
  });

  it.each([
    ['trusted_proxies', ['10.0.0.0/33']],
    ['trusted_proxies', ['10.0.0.0/8; deny all']],
    ['trusted_proxies', ['proxy.example.org']],
    ['server_name', ['a b']],
    ['server_name', ['~^.*$']],
    ['body_limit', '0m'],
    ['tls_key', 'relative.pem'],
  ])('the project file refuses %s = %j', (key, value) => {
    expect(projectSchema.safeParse({ front: { [key]: value } }).success).toBe(false);
  });
});
