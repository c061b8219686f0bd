import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { certificateFiles, certificatePaths } from '../../../src/targets/docker/front/certificate.js';
import { certificateRows } from '../../../src/targets/docker/front/certificate-rows.js';
import { makeProject } from '../../helpers/project.js';
import { tempProject } from '../../helpers/temp.js';

const DAY_MS = 86_400_000;

function certificate(...names: string[]): { tls_certificate: string; tls_key: string } {
  const dir = tempProject();
  const made = { tls_certificate: path.join(dir, 'chain.pem'), tls_key: path.join(dir, 'key.pem') };
  const what = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=test'];
  const alt = `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`;
  const to = ['-keyout', made.tls_key, '-out', made.tls_certificate];
  execFileSync('openssl', [...what, '-addext', alt, ...to], { stdio: 'ignore' });
  return made;
}

it('the key is for nobody but the user of nginx', async () => {
  const { tls_certificate, tls_key } = certificate('shop.test');
  const files = await certificateFiles({ certificate: tls_certificate, key: tls_key });
  expect(files.map(({ mode }) => mode)).toEqual([0o444, 0o400]);
  expect(files.map(({ contents }) => contents)).toEqual(
    [tls_certificate, tls_key].map((file) => readFileSync(file, 'utf8')),
  );
});

it('files that cannot serve are refused by name', async () => {
  const one = certificate('shop.test');
  const other = certificate('shop.test');
  for (const [certificateFile, key, file] of [
    ['/nowhere/a.pem', one.tls_key, '/nowhere/a.pem'],
    [one.tls_key, one.tls_key, one.tls_key],
    [one.tls_certificate, one.tls_certificate, one.tls_certificate],
    [one.tls_certificate, other.tls_key, other.tls_key],
  ] as const) {
    const refused = certificateFiles({ certificate: certificateFile, key });
    await expect(refused).rejects.toMatchObject({ code: 'DK_CONFIG_INVALID', details: { file } });
  }
});

it('what lies in the project is kept out of images', () => {
  const tls = { certificate: '/home/me/shop/tls/chain', key: '/etc/tls/key', plain: null, hsts: null };
  expect(certificatePaths(tls, '/home/me/shop')).toEqual(['tls/chain']);
  expect(certificatePaths(null, '/home/me/shop')).toEqual([]);
});

it('check says how long it is valid, and which names it lacks', async () => {
  const front = { kind: 'nginx' as const, ...certificate('shop.test', '*.shop.test') };
  const rows = async (names: string[], days = 0) =>
    (
      await certificateRows(
        makeProject({ front: { ...front, server_name: names } }),
        Date.now() + days * DAY_MS,
      )
    ).map(({ ok, severity, value }) => ({ ok, severity, value }));
  expect(await rows(['shop.test', '*.shop.test'])).toMatchObject([
    { ok: true, value: 'valid for 29 more days' },
  ]);
  expect(await rows(['shop.test'], 25)).toMatchObject([{ ok: false, severity: 'warning' }]);
  expect(await rows(['shop.test'], 31)).toMatchObject([{ ok: false, severity: 'error' }]);
  expect(await rows(['other.test'])).toMatchObject([
    { ok: true },
    { ok: false, value: 'not for other.test' },
  ]);
  expect(await certificateRows(makeProject())).toEqual([]);
});
