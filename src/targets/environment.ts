import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError } from '../errors.js';
import { readIfThere } from '../host/files.js';
import type { Plan } from '../plan/types.js';

/** The secrets of a plan that are not in the caller's environment. */
export function unsetSecrets({ app }: Plan, own: NodeJS.ProcessEnv = process.env): string[] {
  return app.secretNames.filter((name) => own[name] === undefined);
}

/**
 * The application's environment: [app] env, then env_file, then the secrets named, taken from the caller's own.
 * Values never reach a plan, a label, a log or an argument list.
 * @throws DeploykitError DK_CONFIG_INVALID for a missing file, a malformed line, a secret that is not set.
 */
export async function appEnvironment(
  plan: Plan,
  projectDir: string,
  own: NodeJS.ProcessEnv = process.env,
): Promise<Record<string, string>> {
  const fromFile = plan.app.envFile ? await readEnvFile(path.resolve(projectDir, plan.app.envFile)) : {};
  const secrets: Record<string, string> = {};
  for (const name of plan.app.secretNames) {
    const value = own[name];
    if (value === undefined) {
      throw new DeploykitError('DK_CONFIG_INVALID', `the secret ${name} is not in the environment`, {
        hint: `Set it for this command: ${name}=… deploykit up`,
      });
    }
    secrets[name] = value;
  }
  return { ...plan.app.env, ...fromFile, ...secrets };
}

/**
 * The contents of the files that [app] secret_files names.
 * @throws DeploykitError DK_CONFIG_INVALID for one that does not exist.
 */
export async function secretFiles(plan: Plan, projectDir: string): Promise<Record<string, Buffer>> {
  const contents: Record<string, Buffer> = {};
  for (const [name, relative] of Object.entries(plan.app.secretFiles)) {
    const file = path.resolve(projectDir, relative);
    try {
      contents[name] = await readFile(file);
    } catch (error) {
      throw new DeploykitError('DK_CONFIG_INVALID', `the secret file ${name} cannot be read`, {
        file,
        hint: 'Create it, or remove it from [app] secret_files.',
        cause: error,
      });
    }
  }
  return contents;
}

async function readEnvFile(file: string): Promise<Record<string, string>> {
  const text = await readIfThere(file);
  if (text === null) {
    throw new DeploykitError('DK_CONFIG_INVALID', `[app] env_file does not exist`, {
      file,
      hint: 'Create it, or remove the key.',
    });
  }
  return parseEnvFile(text, file);
}

/** `NAME=value` lines; blank lines and `#` lines are skipped, `export ` is allowed, one pair of quotes is removed. */
function parseEnvFile(text: string, file: string): Record<string, string> {
  const values: Record<string, string> = {};
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim().replace(/^export\s+/, '');
    if (line === '' || line.startsWith('#')) return;
    const match = /^([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line);
    if (!match?.[1] || match[1].startsWith('UWSGI_')) {
      throw new DeploykitError('DK_CONFIG_INVALID', 'a line of env_file is not NAME=value', {
        file,
        line: index + 1,
        hint: 'Names have letters, digits and underscores, and do not begin with UWSGI_.',
      });
    }
    values[match[1]] = (match[2] ?? '').replace(/^(["'])(.*)\1$/, '$2');
  });
  return values;
}
