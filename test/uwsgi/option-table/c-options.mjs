// Reads the option arrays of a uWSGI source tree: `struct uwsgi_option NAME[] = { {"name", argument, 'x', "help",
// handler, data, flags}, … }` in core/uwsgi.c and in the plugins.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Every option of a tree: name, argument, handler, data, flags, owner (core or a plugin), needs (build features). */
export function optionsOfTree(root) {
  const plugins = readdirSync(path.join(root, 'plugins')).filter((name) =>
    existsSync(path.join(root, 'plugins', name, 'uwsgiplugin.py')),
  );
  const files = [
    ['core', path.join(root, 'core/uwsgi.c')],
    ...plugins.flatMap((plugin) => {
      const folder = path.join(root, 'plugins', plugin);
      const sources = readdirSync(folder).filter((file) => /\.(c|cc|m)$/.test(file));
      return sources.map((file) => [plugin, path.join(folder, file)]);
    }),
  ];
  return files.flatMap(([owner, file]) => optionsOfFile(readFileSync(file, 'latin1'), owner));
}

function optionsOfFile(text, owner) {
  const options = [];
  for (const { index } of text.matchAll(/struct\s+uwsgi_option\s+\w+\s*\[\]\s*=\s*\{/g)) {
    options.push(...optionsOfArray(text, text.indexOf('{', index) + 1, owner));
  }
  return options;
}

// One entry at a time, with the #if lines before it: depth counts braces, 0 is the array itself.
function optionsOfArray(text, start, owner) {
  const options = [];
  const conditions = conditionsBefore(text, start);
  let fields = null;
  for (const token of tokens(text, start)) {
    if (token.startsWith('#')) directive(conditions, token);
    else if (token === '{') fields = [''];
    else if (token === '}' && fields === null) return options;
    else if (token === '}') {
      const option = optionOf(fields, owner, conditions);
      if (option) options.push(option);
      fields = null;
    } else if (fields && token === ',') fields.push('');
    else if (fields) fields[fields.length - 1] += token;
  }
  throw new Error(`an option array of ${owner} does not end`);
}

function optionOf([name, argument, , , handler, data = '', flags = ''], owner, conditions) {
  const quoted = name?.replace(/^\(char\*\)/, '') ?? '';
  if (!quoted.startsWith('"')) return null;
  const needs = conditions.map(({ condition }) => condition).filter((condition) => condition !== true);
  if (needs.includes(false)) return null;
  return {
    name: quoted.slice(1, -1),
    argument: argument.replace('_argument', '')[0],
    handler: handler.replace(/^uwsgi_(opt_)?/, ''),
    data: data.replace(/^\(void\*\)/, ''),
    flags: flags
      .replaceAll('UWSGI_OPT_', '')
      .split('|')
      .filter((flag) => flag !== '0' && flag !== ''),
    owner,
    needs: [...new Set(needs)].sort(),
  };
}

function* tokens(text, start) {
  const pattern =
    /\/\*[\s\S]*?\*\/|\/\/.*|#(?:\\\n|.)*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{},]|[^\s{},"'/#]+|./g;
  pattern.lastIndex = start;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const token = match[0];
    if (!/^\s|^\/[*/]/.test(token)) yield token;
  }
}

// Features of a build that decide whether an option is there; everything else is decided for Linux.
const FEATURES = {
  UWSGI_SSL: 'ssl',
  UWSGI_PCRE: 'pcre',
  UWSGI_PCRE2: 'pcre',
  UWSGI_XML: 'xml',
  UWSGI_YAML: 'yaml',
  UWSGI_JSON: 'json',
  UWSGI_ZLIB: 'zlib',
  UWSGI_CAP: 'cap',
  UWSGI_ROUTING: 'routing',
  UWSGI_SPDY: 'spdy',
  UWSGI_SSL_SESSION_CACHE: 'ssl-session-cache',
  UWSGI_AS_SHARED_LIBRARY: false,
  UWSGI_PYTHON_OLD: false,
  UWSGI_DEBUG: false,
  MADV_MERGEABLE: true,
  PYTHREE: true,
  UWSGI_PHP7: true,
  RUBY19: true,
  RLIMIT_NPROC: true,
  __linux__: true,
  PR_SET_PDEATHSIG: true,
  SO_REUSEPORT: true,
  RTLD_NEXT: true,
  SSL_CTRL_SET_TLSEXT_HOSTNAME: true,
};

function evaluate(expression) {
  const names = expression.match(/\b(?!defined\b)[A-Za-z_]\w*/g) ?? [];
  const parts = names.map((name) => {
    const value = FEATURES[name] ?? false;
    const negated = new RegExp(`!\\s*(defined\\s*)?\\(?\\s*${name}\\b`).test(expression);
    if (!negated) return value;
    if (typeof value === 'string') return `!${value}`;
    return !value;
  });
  if (expression.includes('||')) return parts.find((part) => part !== false) ?? false;
  if (parts.includes(false)) return false;
  const open = parts.filter((part) => part !== true);
  if (open.length > 1) throw new Error(`cannot decide ${expression}`);
  return open[0] ?? true;
}

function negate(condition) {
  if (typeof condition === 'boolean') return !condition;
  return condition.startsWith('!') ? condition.slice(1) : `!${condition}`;
}

function directive(stack, line) {
  const [, word = '', rest = ''] = /^#\s*(\w+)\s*([\s\S]*)$/.exec(line) ?? [];
  if (word === 'ifdef' || word === 'if') stack.push({ condition: evaluate(rest) });
  else if (word === 'ifndef') stack.push({ condition: negate(evaluate(rest)) });
  else if (word === 'else') stack.push({ condition: negate(stack.pop().condition) });
  else if (word === 'endif') stack.pop();
  else if (word === 'elif') throw new Error(`#elif in an option array: ${line}`);
}

// The #if lines that are open where the array begins.
function conditionsBefore(text, start) {
  const open = [];
  for (const [line, word] of text.slice(0, start).matchAll(/^#\s*(ifdef|ifndef|if|elif|else|endif)\b.*/gm)) {
    if (word === 'endif') open.pop();
    else if (word === 'else' || word === 'elif') open.at(-1).push(line);
    else open.push([line]);
  }
  const stack = [];
  for (const line of open.flat()) directive(stack, line);
  return stack;
}
