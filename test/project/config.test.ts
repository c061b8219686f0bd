import { expect, test } from 'vitest';
import { effectiveConfig } from '../../src/project/config.js';
import { loadProject } from '../../src/project/load.js';
import { project, TUTORIAL } from './fixtures.js';

test('every setting once, sorted, with its origin', async () => {
  const dir = await project({
    ...TUTORIAL,
    'deploykit.toml': '[app]\nenv = { A = "1" }\nsecrets = ["DB_PASSWORD"]\n[target.web]\nkind = "docker"\n',
  });
  const env = { DB_PASSWORD: 'hunter2', DEPLOYKIT_SERVER_PORT: '81' };
  const settings = effectiveConfig(await loadProject({ dir, env, overrides: { 'server.async': 9 } }));
  const paths = settings.map((setting) => setting.path);
  expect(paths).toEqual([...new Set(paths)].sort());
  const rows = Object.fromEntries(settings.map((setting) => [setting.path, setting]));
  expect(rows).toMatchObject({
    name: { value: 'shop', origin: { kind: 'detection', detail: 'the name of the folder' } },
    'app.module': { value: 's1:app', origin: { kind: 'detection' } },
    'app.env.A': { value: '1', origin: { kind: 'file', detail: 'deploykit.toml:2' } },
    'app.secrets': { value: ['DB_PASSWORD'], origin: { kind: 'file', detail: 'deploykit.toml:3' } },
    'app.requirements': { value: 'requirements.txt', origin: { kind: 'detection' } },
    'app.python': { value: null, origin: { kind: 'default', detail: 'not set' } },
    'server.async': { value: 9, origin: { kind: 'flag', detail: '--async' } },
    'server.port': { value: 81, origin: { kind: 'environment', detail: '$DEPLOYKIT_SERVER_PORT' } },
    'server.threads': { value: null, origin: { kind: 'default', detail: 'not set' } },
    'server.static': { value: {}, origin: { kind: 'default', detail: 'default' } },
    'target.web.kind': { value: 'docker', origin: { kind: 'file', detail: 'deploykit.toml:5' } },
  });
  expect(rows['app.env']).toBeUndefined();
  expect(rows['target']).toBeUndefined();
  expect(JSON.stringify(settings)).not.toContain('hunter2');
});
