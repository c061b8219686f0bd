import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { iniLine } from '../../src/uwsgi/ini-write.js';
import { describeWith } from '../helpers/rigs.js';
import { boot, DEBIAN_UWSGI, inParallel, pipUwsgi, shownConfig } from '../helpers/uwsgi.js';

const EXAMPLES = 'test/examples';

interface Rendered {
  name: string;
  text: string;
  settings: [string, string | number | true | { magic: string }][];
}

/** Each different uwsgi.ini of the examples, with the settings of the plan it was rendered from. */
function rendered(): Rendered[] {
  const folders = readdirSync(EXAMPLES).flatMap((example) =>
    ['docker', 'process', 'systemd'].map((kind) => path.join(EXAMPLES, example, 'expected', kind)),
  );
  const all = folders.flatMap((folder) => {
    if (!existsSync(path.join(folder, 'uwsgi.ini'))) return [];
    const text = readFileSync(path.join(folder, 'uwsgi.ini'), 'utf8');
    const { server } = JSON.parse(readFileSync(path.join(folder, 'plan.json'), 'utf8'));
    return [{ name: folder, text, settings: server.settings as Rendered['settings'] }];
  });
  return [...new Map(all.map((each) => [each.text, each])).values()];
}

// The same on this machine: another application, sockets and folders of its own, a free port, few processes.
function atHome(text: string): string {
  const home = text
    .replace(/^(virtualenv|pythonpath|static-map|listen) = .*\n/gm, '')
    .replace(/^chdir = .*$/m, 'chdir = %d')
    .replace(/^module = .*$/m, 'module = app:app')
    .replace(/^((?:http|uwsgi)-socket = ).*:\d+$/gm, '$1127.0.0.1:0')
    .replace(/^([a-z-]+ = )\/\S*\/(\S+\.(?:sock|fifo))$/gm, '$1%d$2')
    .replace(/^mule = .*\/(\w+\.py)$/m, `mule = ${path.resolve('templates/python')}/$1`)
    .replace(/^processes = .*$/m, 'processes = 2');
  return home;
}

// Debian's server is modular: where deploykit runs, it installs its own.
const asDebian = (text: string): string => {
  const plugins = /^gevent = /m.test(text) ? 'python3,gevent_python3' : 'python3';
  return text.replace(/^strict = true\n/m, `strict = true\nplugins = ${plugins}\n`);
};

describeWith('uwsgi', 'what is written, as uWSGI takes it', () => {
  let pip = '';
  beforeAll(async () => {
    pip = await pipUwsgi();
  });

  it('every ini of the examples: uWSGI reports what was meant, value by value', async () => {
    const files = rendered();
    expect(files.length).toBeGreaterThan(20);
    await inParallel(files, async ({ name, text, settings }) => {
      const { config, file } = await shownConfig(pip, text);
      const folder = path.dirname(file);
      const magic = (value: string): string =>
        value.replace(
          /%(.)/g,
          (_, letter) =>
            ({ d: `${folder}/`, c: path.basename(folder), '%': '%' })[letter as 'd'] ?? `?${letter}`,
        );
      const meant = settings.flatMap(([option, value]) => {
        const said = typeof value === 'object' ? magic(value.magic) : String(value);
        // uWSGI lists a variable once more, under its own name.
        return option === 'set-placeholder' ? [[option, said], said.split('=')] : [[option, said]];
      });
      expect(config, name).toEqual(meant);
    });
  });

  it('every ini of the examples boots under strict, with 2.0.31 and with 2.0.21', async () => {
    const texts = [...new Set(rendered().map(({ text }) => atHome(text)))];
    const runs = texts.flatMap((text) => [
      { binary: pip, text },
      { binary: DEBIAN_UWSGI, text: asDebian(text) },
    ]);
    const failed: string[] = [];
    await inParallel(runs, async ({ binary, text }) => {
      const { booted, log } = await boot(binary, 'uwsgi', text);
      if (!booted) failed.push(`${binary}\n${text}\n${log.slice(-800)}`);
    });
    expect(failed).toEqual([]);
  });

  it('300 random values: both report each as it was written', async () => {
    const value = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
      .filter((text) => !/[\0\r\n]|[$@%]\(/.test(text) && text === text.trim());
    const values = fc.sample(value, { numRuns: 300, seed: 5 });
    const text = ['[uwsgi]', ...values.map((each, i) => iniLine('env', `V${i}=${each}`)), ''].join('\n');
    for (const binary of [pip, DEBIAN_UWSGI]) {
      const { config } = await shownConfig(binary, text);
      expect(config).toEqual(values.map((each, i) => ['env', `V${i}=${each}`]));
    }
  });
});
