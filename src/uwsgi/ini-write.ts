import { DeploykitError } from '../errors.js';

type IniValue = string | number | true | { magic: string };

/**
 * One `option = value` line of uWSGI's ini dialect (core/ini.c): no quotes, no escapes, no comments after values;
 * `%` starts a magic variable and is written `%%`; a value cannot begin or end with a blank or hold a line break.
 * @throws DeploykitError DK_RENDER_VALUE for a value the dialect cannot hold.
 */
export function iniLine(option: string, value: IniValue): string {
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(option)) throw unwritable(option, option, 'is not an option name');
  if (typeof value === 'object') return `${option} = ${magicValue(option, value.magic)}`;
  return `${option} = ${iniValue(option, String(value))}`;
}

// %d and %c stay; every other percent sign was doubled by whoever made the value.
function magicValue(option: string, value: string): string {
  const rest = value.replace(/%%|%[dc]/g, '');
  if (rest.includes('%')) throw unwritable(option, value, 'holds an unknown magic variable');
  iniValue(option, rest === '' ? 'x' : rest);
  return value;
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
