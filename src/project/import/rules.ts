import { OPTION_NAMES } from '../../uwsgi/options.js';
import { reservedReason } from '../../uwsgi/reserved.js';
import { looksSecret } from '../looks-secret.js';
import { atoi, type Draft } from './draft.js';
import type { Expanded } from './expand.js';
import { type Places, projectPath } from './paths.js';

type Rule = (from: Expanded, draft: Draft, places: Places) => void;

const whole =
  (key: string): Rule =>
  (from, draft) => {
    const number = atoi(from.value);
    draft.set(key, number, from);
    if (String(number) !== from.value)
      draft.remark(from, `uWSGI reads this as ${number}: there are no comments after a value`);
  };
const processes: Rule = (from, draft, places) => {
  // %k is the number of CPUs (core/uwsgi.c)
  if (/^(auto|%k)$/.test(from.value)) draft.set('server.processes', 'auto', from);
  else whole('server.processes')(from, draft, places);
};
const remark =
  (why: string): Rule =>
  (from, draft) =>
    draft.remark(from, why);
const quiet: Rule = () => {};

const SUPERVISED = 'a supervisor starts, watches and stops the server: deploykit, the engine or systemd';
const LOGS = 'the log goes to the target: deploykit logs';
const CLEAN = 'the server never has rights to give away: it starts as a user without them';
const RELOADS = 'deploykit up and deploykit reload replace a release without losing a request';
const VARIES = 'the number of processes is fixed, so that slots can be proven';
const ROUTER = 'it belonged to the http router';
const OWN_VENV = 'deploykit builds the environment from the requirements';

const RULES: Record<string, Rule> = {
  processes,
  workers: processes,
  p: processes,
  gevent: whole('server.async'),
  threads: whole('server.threads'),
  listen: whole('server.listen'),
  l: whole('server.listen'),
  'buffer-size': whole('server.buffer_size'),
  b: whole('server.buffer_size'),
  harakiri: whole('server.request_timeout'),
  t: whole('server.request_timeout'),
  'worker-reload-mercy': whole('server.graceful_timeout'),
  'reload-mercy': whole('server.graceful_timeout'),
  'max-requests': whole('server.max_requests'),
  R: whole('server.max_requests'),
  env: environment,
  'static-map': staticMap,
  async: remark("uWSGI's own async mode needs an app written for it; with gevent: [server] async"),
  'http-timeout': remark(ROUTER),
  pythonpath: remark('modules are found in [app] dir and in what the requirements install'),
  'python-path': remark('modules are found in [app] dir and in what the requirements install'),
  cheaper: remark(VARIES),
  'cheaper-algo': remark(VARIES),
  'cheaper-initial': remark(VARIES),
  'cheaper-step': remark(VARIES),
  daemonize: remark(SUPERVISED),
  daemonize2: remark(SUPERVISED),
  d: remark(SUPERVISED),
  pidfile: remark(SUPERVISED),
  pidfile2: remark(SUPERVISED),
  logto: remark(LOGS),
  logto2: remark(LOGS),
  'log-maxsize': remark(`${LOGS}; its unit was bytes`),
  'log-backupname': remark(LOGS),
  uid: remark(CLEAN),
  gid: remark(CLEAN),
  'chmod-socket': remark('deploykit listens on an IP address and a port'),
  'chown-socket': remark('deploykit listens on an IP address and a port'),
  'touch-reload': remark(RELOADS),
  'py-autoreload': remark(RELOADS),
  virtualenv: remark(OWN_VENV),
  venv: remark(OWN_VENV),
  home: remark(OWN_VENV),
  H: remark(OWN_VENV),
  'gevent-monkey-patch': remark('it patches after the app is imported; with async, deploykit patches before'),
  ini: remark('the options of a second file are not read; run init --from on a file that has them all'),
  include: remark('the options of a second file are not read; run init --from on a file that has them all'),
};

// Each of these deploykit sets itself, to the same end.
for (const same of [
  'master',
  'M',
  'strict',
  'need-app',
  'single-interpreter',
  'i',
  'enable-threads',
  'T',
  'lazy-apps',
  'thunder-lock',
  'vacuum',
  'die-on-term',
  'gevent-early-monkey-patch',
  'disable-logging',
  'L',
  'log-5xx',
  'stats',
  'stats-server',
  'stats-minified',
  'master-fifo',
  'max-requests-delta',
  'chdir',
  'chdir2',
  'plugin',
  'plugins',
]) {
  RULES[same] = quiet;
}

/** Carries one option over, or says why it is not. */
export function importOption(from: Expanded, draft: Draft, places: Places): void {
  const rule = Object.hasOwn(RULES, from.option) ? RULES[from.option] : undefined;
  if (from.foreign && rule !== quiet && !/^%k$/.test(from.value)) {
    draft.remark(from, 'it depends on the machine it ran on; write what it stood for');
    return;
  }
  (rule ?? extra)(from, draft, places);
}

function environment(from: Expanded, draft: Draft): void {
  const [, name = '', value = ''] = /^([^=]*)=?(.*)$/.exec(from.value) ?? [];
  if (!looksSecret(name, value)) {
    draft.set(['app', 'env', name], value, from);
    return;
  }
  const names = (draft.values.get('app.secrets')?.value ?? []) as string[];
  draft.set('app.secrets', [...names, name], from);
  draft.remark(from, `secrets stay out of files: export ${name} before deploykit up`, `${name}=…`);
}

function staticMap(from: Expanded, draft: Draft, places: Places): void {
  const [, prefix = '', folder = ''] = /^([^=]*)=(.*)$/.exec(from.value) ?? [];
  const inProject = projectPath(folder, places);
  if (inProject === null) draft.remark(from, 'the folder lies outside the project');
  else draft.set(['server', 'static', prefix], inProject, from);
}

// Everything else goes to [server.uwsgi], when uWSGI knows it and it does not stand in the way of the plan.
function extra(from: Expanded, draft: Draft): void {
  const { option, value } = from;
  const reason = reservedReason(option);
  if (/^http-(?!socket)/.test(option)) draft.remark(from, ROUTER);
  else if (reason) draft.remark(from, reason.why);
  else if (!OPTION_NAMES.has(option)) {
    if (!from.placeholder) draft.remark(from, 'uWSGI has no such option and ignored it');
  } else if (value.startsWith('/') || value.startsWith('%d')) {
    draft.remark(
      from,
      `it names a path of the old machine; set it in [server.uwsgi] if it exists where the server will run`,
    );
  } else {
    const path = ['server', 'uwsgi', option];
    const before = draft.values.get(`server.uwsgi.${option}`)?.value;
    const one = value === '' || value === 'true' ? true : value;
    draft.set(path, before === undefined ? one : [before, one].flat().map(String), from);
  }
}
