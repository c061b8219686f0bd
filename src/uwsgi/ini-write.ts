import { DeploykitError } from '../errors.js';

/**
 * One `option = value` line of uWSGI's ini dialect (core/ini.c): no quotes, no escapes, no comments after values;
 * `%` starts a magic variable and is written `%%`; a value cannot begin or end with a blank or hold a line break.
 * @throws DeploykitError DK_RENDER_VALUE for a value the dialect cannot hold.
 */
export function iniLine(option: string, value: string | number | true): string {
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(option)) throw unwritable(option, option, 'is not an option name');
  return `${option} = ${iniValue(option, String(value))}`;
}

function iniValue(option: string, value: string): string {
  if (/[\0\r\n]/.test(value)) throw unwritable(option, value, 'holds a line break or NUL');
  if (value === '' || value !== value.trim())
    throw unwritable(option, value, 'is empty, or begins or ends with a blank');
  // Expanded by uWSGI after the file is read, with no way to escape them (core/utils.c, uwsgi_apply_config_pass).
  const expansion = /[$@%]\(/.exec(value);
  if (expansion) throw unwritable(option, value, `holds "${expansion[0]}", which uWSGI expands`);
  return value.replaceAll('%', '%%');
}

function unwritable(option: string, value: string, why: string): DeploykitError {
  return new DeploykitError(
    'DK_RENDER_VALUE',
    `uwsgi.ini cannot hold ${option} = ${JSON.stringify(value)}: it ${why}`,
    {
      hint: 'Choose another value; for a path, move or rename the folder.',
    },
  );
}

/** A whole file with one `[uwsgi]` section. @throws DeploykitError DK_RENDER_VALUE. */
export function writeIni(settings: readonly (readonly [string, string | number | true])[]): string {
  return ['[uwsgi]', ...settings.map(([option, value]) => iniLine(option, value)), ''].join('\n');
}
