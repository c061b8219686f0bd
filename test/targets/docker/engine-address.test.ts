import { createHash } from 'node:crypto';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { engineAddresses, isElsewhere, parseSshAddress } from '../../../src/targets/docker/engine-address.js';
import { dialFailure } from '../../../src/targets/docker/engine-ssh.js';
import { tcpClientOptions } from '../../../src/targets/docker/engine-tcp.js';
import { tempProject } from '../../helpers/temp.js';

// As `docker context create` and `docker context use` leave them.
function dockerConfig(current?: string): string {
  const context = (name: string, endpoint: object): Record<string, string> => ({
    [`contexts/meta/${idOf(name)}/meta.json`]: JSON.stringify({
      Name: name,
      Endpoints: { docker: endpoint },
    }),
  });
  return tempProject({
    'config.json': JSON.stringify(current ? { currentContext: current } : {}),
    ...context('prod', { Host: 'ssh://deploy@web1', SkipTLSVerify: false }),
    ...context('secured', { Host: 'tcp://web2:2376', SkipTLSVerify: false }),
    ...context('unchecked', { Host: 'tcp://web3:2376', SkipTLSVerify: true }),
    [`contexts/tls/${idOf('secured')}/docker/ca.pem`]: 'CA',
  });
}
const idOf = (name: string): string => createHash('sha256').update(name).digest('hex');
const brief = (...input: Parameters<typeof engineAddresses>): string[] =>
  engineAddresses(...input).map(({ source, address }) => `${source} ${address}`);

describe('which engine is meant', () => {
  it('what is asked for, DOCKER_HOST, DOCKER_CONTEXT, the context in use, as docker has it', () => {
    const env = {
      DOCKER_CONFIG: dockerConfig('secured'),
      DOCKER_HOST: 'tcp://from-env:2375',
      DOCKER_CONTEXT: 'prod',
    };
    expect(brief({ host: 'ssh://web9', context: 'prod' }, env)).toEqual(['setting ssh://web9']);
    expect(brief({ context: 'prod' }, env)).toEqual(['context prod ssh://deploy@web1']);
    expect(brief({}, env)).toEqual(['DOCKER_HOST tcp://from-env:2375']);
    expect(brief({}, { ...env, DOCKER_HOST: '' })).toEqual(['context prod ssh://deploy@web1']);
    const inUse = { ...env, DOCKER_HOST: '', DOCKER_CONTEXT: '' };
    expect(brief({}, inUse)).toEqual(['context secured tcp://web2:2376']);
    expect(brief({}, { ...inUse, DOCKER_CONTEXT: 'default' })[0]).toBe('socket unix:///var/run/docker.sock');
  });

  it('without any, the usual sockets', () => {
    const env = { DOCKER_CONFIG: dockerConfig(), XDG_RUNTIME_DIR: '/run/user/1000' };
    const addresses = engineAddresses({}, env);
    expect(addresses.map(({ address }) => address)).toContain('unix:///run/user/1000/docker.sock');
    expect(addresses.some(isElsewhere)).toBe(false);
    expect(engineAddresses({ host: 'ssh://web1' }, env).every(isElsewhere)).toBe(true);
  });

  it('a context that is not there is named, with the nearest', () => {
    const env = { DOCKER_CONFIG: dockerConfig('prof') };
    expect(() => engineAddresses({}, env)).toThrow(
      expect.objectContaining({
        code: 'DK_ENGINE_MISSING',
        details: expect.objectContaining({ hint: 'Did you mean prod?' }),
      }),
    );
  });
});

describe('ssh addresses', () => {
  it.each([
    ['ssh://web1', { host: 'web1', user: undefined, port: undefined, socket: undefined }],
    ['ssh://deploy@web1:2222/', { host: 'web1', user: 'deploy', port: 2222, socket: undefined }],
    ['ssh://[::1]:22', { host: '::1', user: undefined, port: 22, socket: undefined }],
    ['ssh://web1/run/user/1000/docker.sock', { host: 'web1', socket: '/run/user/1000/docker.sock' }],
  ])('%s', (address, parts) => {
    expect(parseSshAddress(address)).toMatchObject(parts);
  });

  it.each(['ssh://', 'ssh://me:hunter2@web1', 'ssh://web1?x=1', 'ssh://-oProxyCommand=x/'])(
    'refuses %s, and repeats no password',
    (address) => {
      expect(() => parseSshAddress(address)).toThrow(
        expect.objectContaining({
          code: 'DK_CONFIG_INVALID',
          message: expect.not.stringContaining('hunter2'),
        }),
      );
    },
  );
});

describe('tcp addresses', () => {
  const options = (wish: object, env: NodeJS.ProcessEnv): Record<string, unknown> => {
    const [address] = engineAddresses(wish, env);
    if (!address) throw new Error('no address');
    return tcpClientOptions(address) as Record<string, unknown>;
  };
  const files = { 'ca.pem': 'CA', 'cert.pem': 'CERT', 'key.pem': 'KEY' };

  it('plain, unless TLS is asked for', () => {
    const env = { DOCKER_HOST: 'tcp://web1' };
    expect(options({}, env)).toEqual({ protocol: 'http', host: 'web1', port: 2375 });
    const folder = tempProject(files);
    // As docker's own client has it: the folder alone asks for nothing.
    expect(options({}, { ...env, DOCKER_CERT_PATH: folder })).toMatchObject({ protocol: 'http' });
    const secured = options({}, { ...env, DOCKER_CERT_PATH: folder, DOCKER_TLS_VERIFY: '1' });
    expect(secured).toEqual({
      ...{ protocol: 'https', host: 'web1', port: 2376 },
      ...{ ca: 'CA', cert: 'CERT', key: 'KEY' },
    });
    const unchecked = options({}, { ...env, DOCKER_CERT_PATH: folder, DOCKER_TLS: '1' });
    expect(unchecked['agent']).toMatchObject({ options: { rejectUnauthorized: false } });
  });

  it('files of a folder that was named must be there', () => {
    const env = { DOCKER_HOST: 'tcp://web1', DOCKER_TLS_VERIFY: '1', DOCKER_CONFIG: tempProject() };
    expect(options({}, env)).toMatchObject({ protocol: 'https', ca: undefined, cert: undefined });
    expect(() => options({}, { ...env, DOCKER_CERT_PATH: path.join(tempProject(), 'no') })).toThrow(
      expect.objectContaining({ code: 'DK_ENGINE_MISSING' }),
    );
  });

  it('a context has its own certificates, whatever the environment says', () => {
    const env = { DOCKER_CONFIG: dockerConfig(), DOCKER_TLS: '1', DOCKER_CERT_PATH: '/nowhere' };
    expect(options({ context: 'secured' }, env)).toMatchObject({
      protocol: 'https',
      ca: 'CA',
      key: undefined,
    });
    expect(options({ context: 'unchecked' }, env)['agent']).toMatchObject({
      options: { rejectUnauthorized: false },
    });
  });

  it('refuses what is no address', () => {
    expect(() => options({ host: 'npipe:////./pipe/docker_engine' }, {})).toThrow(
      expect.objectContaining({ code: 'DK_CONFIG_INVALID' }),
    );
  });
});

// The words of docker 20.10 and 28.
it.each([
  [127, 'bash: line 1: docker: command not found', 'DK_ENGINE_MISSING'],
  [
    1,
    'failed to open the raw stream connection: dial unix /var/run/docker.sock: connect: permission denied',
    'DK_ENGINE_DENIED',
  ],
  [
    1,
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
    'DK_ENGINE_DENIED',
  ],
  [
    1,
    'failed to open the raw stream connection: dial unix /x.sock: connect: no such file or directory',
    'DK_ENGINE_MISSING',
  ],
])('dial-stdio that ends with %i: %s', (exitCode, words, code) => {
  const error = dialFailure('web1', exitCode, words);
  expect(error.code).toBe(code);
  expect(error.details).toMatchObject({
    excerpt: words,
    hint: expect.stringContaining('ssh web1 docker version'),
  });
});
