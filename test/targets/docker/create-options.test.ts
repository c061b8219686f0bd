import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { buildPlan } from '../../../src/plan/build-plan.js';
import { SOCKETS } from '../../../src/plan/front.js';
import { containerLayout } from '../../../src/plan/layout.js';
import { commandOptions, copyOptions, createOptions } from '../../../src/targets/docker/create-options.js';
import { FACTS, makeProject } from '../../helpers/project.js';

const kind = 'docker';
const plan = buildPlan({
  project: makeProject({
    front: { kind: 'nginx' },
    target: { docker: { kind, volumes: ['/srv/media:/media', '/run/pg:/run/pg:ro'], network: 'db' } },
  }),
  target: { name: kind, kind },
  facts: FACTS,
  layout: containerLayout('.'),
  port: 8000,
});
const input = { plan, projectDir: '/p', image: 'i', release: 'r', env: {} };
const targets = ({ HostConfig }: Docker.ContainerCreateOptions) =>
  HostConfig?.Mounts?.map(({ Type, Source, Target, ReadOnly }) => [Type, Source, Target, ReadOnly]);
const FOLDERS = [
  ['bind', '/srv/media', '/media', false],
  ['bind', '/run/pg', '/run/pg', true],
];

it('the size of /tmp is the plan’s', () => {
  const container = plan.container && { ...plan.container, tmpBytes: 5 * 1024 ** 3 - 1 };
  const { HostConfig } = createOptions({ ...input, plan: { ...plan, container }, role: 'server' });
  expect(HostConfig?.Tmpfs?.['/tmp']).toBe('rw,nosuid,nodev,mode=1777,size=5120m');
});

describe('volumes and network of the target', () => {
  const server = createOptions({ ...input, role: 'server', place: { set: 'r-1', replica: 1 } });
  const sockets = ['volume', 'deploykit-shop.sockets', SOCKETS, undefined];

  it('are the server’s beside the sockets, and its replicas’ of another set', () => {
    expect(targets(server)).toEqual([...FOLDERS, sockets]);
    expect(server.HostConfig?.NetworkMode).toBe('db');
    const info = { Config: server, HostConfig: server.HostConfig } as unknown as Docker.ContainerInspectInfo;
    const copy = copyOptions(info, 'shop', { set: 'r-2', replica: 1 });
    expect(targets(copy)).toEqual([...FOLDERS, sockets]);
    expect(copy.HostConfig?.NetworkMode).toBe('db');
  });

  it('are there for the release command: migrations need the database', () => {
    const command = commandOptions(input, 'true');
    expect(targets(command)).toEqual(FOLDERS);
    expect(command.HostConfig?.NetworkMode).toBe('db');
  });

  it('change what a container is made of', () => {
    const other = { ...plan, container: plan.container && { ...plan.container, network: null } };
    expect(createOptions({ ...input, plan: other, role: 'server' }).Labels).not.toEqual(
      createOptions({ ...input, role: 'server' }).Labels,
    );
  });
});
