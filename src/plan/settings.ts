import { DeploykitError } from '../errors.js';
import type { Project } from '../project/types.js';
import { checkOption } from '../uwsgi/options.js';
import { reservedReason } from '../uwsgi/reserved.js';
import type { Layout, Magic, ServerPlan, Setting } from './types.js';

/** A socket of the server, by the option that says what is spoken on it. */
export type ServerSocket = readonly ['http-socket' | 'uwsgi-socket', string];

interface SettingsInput {
  project: Project;
  server: Omit<ServerPlan, 'settings'>;
  layout: Layout;
  /** As the server sees them. */
  sockets: readonly ServerSocket[];
  /** Whether the master takes commands through a fifo: reloads worker by worker, which no signal asks for. */
  masterFifo: boolean;
}

const WATCHDOG = 'watchdog.py';
const RECYCLE = 'recycle.py';

/**
 * uwsgi.ini as an ordered list. Order matters to uWSGI in two places: `strict` first, so that every later line is
 * checked when it is read, and `listen` before the sockets it applies to.
 * @throws DeploykitError DK_UWSGI_OPTION for an extra option that is unknown or would break the plan.
 */
export function planSettings(input: SettingsInput): Setting[] {
  return [
    ...supervision(),
    ...concurrency(input.server),
    ...watchdog(input),
    ...application(input),
    ...connections(input),
    ...shutdown(input),
    ...recycling(input),
    ...logging(),
    ...staticFiles(input),
    ...extras(input.project.server.uwsgi),
  ];
}

function supervision(): Setting[] {
  return [
    ['strict', true],
    ['master', true],
    ['need-app', true],
    ['single-interpreter', true],
    ['enable-threads', true],
  ];
}

function concurrency({ topology, processes, threads, async }: Omit<ServerPlan, 'settings'>): Setting[] {
  const settings: Setting[] = [['processes', processes]];
  if (topology === 'gevent') {
    // Patched before the app is imported; each worker imports it itself, because a hub made in the master does not
    // survive the fork (gevent.reinit is not called by uWSGI 2.0).
    settings.push(['gevent', async], ['gevent-early-monkey-patch', true], ['lazy-apps', true]);
    return settings;
  }
  if (topology === 'threads') settings.push(['threads', threads]);
  if (processes > 1) settings.push(['thunder-lock', true]);
  return settings;
}

// Before the application, so that its loading is the worker's own.
function watchdog({ server, layout }: SettingsInput): Setting[] {
  if (server.hangTimeout === null) return [];
  return [
    ['set-placeholder', `hang-timeout=${server.hangTimeout}`],
    ['import', helper(layout, WATCHDOG)],
  ];
}

function helper(layout: Layout, name: string): string | Magic {
  const folder = layout.magic ? layout.helpers : `${layout.helpers}/`;
  return pathValue(layout, `${folder}${name}`);
}

function application({ project, layout }: SettingsInput): Setting[] {
  return [
    ['virtualenv', pathValue(layout, layout.venv)],
    ['chdir', pathValue(layout, layout.app)],
    ['pythonpath', pathValue(layout, layout.app)],
    ['module', `${project.app.module}:${project.app.callable}`],
  ];
}

function connections({ project, server, layout, sockets, masterFifo }: SettingsInput): Setting[] {
  const settings: Setting[] = [
    ['listen', server.listen],
    ...sockets.map(([option, address]): Setting => [option, pathValue(layout, address)]),
    ['buffer-size', project.server.buffer_size],
    ['stats', pathValue(layout, `${layout.run}/stats.sock`)],
    ['stats-minified', true],
  ];
  if (masterFifo) settings.push(['master-fifo', pathValue(layout, `${layout.run}/master.fifo`)]);
  return settings;
}

function shutdown({ server }: SettingsInput): Setting[] {
  const settings: Setting[] = [
    ['hook-master-start', 'unix_signal:15 gracefully_kill_them_all'],
    ['worker-reload-mercy', server.timeouts.reloadMercy],
    ['vacuum', true],
  ];
  // Under gevent uWSGI keeps one harakiri clock a worker, not a request (core/utils.c): it would kill healthy requests.
  if (server.topology !== 'gevent') settings.push(['harakiri', server.timeouts.request]);
  return settings;
}

// Not uWSGI's max-requests: workers that share a load reach it together, and while all load the app nobody answers.
// max-requests-delta staggers them, until their different periods meet.
function recycling({ project, layout }: SettingsInput): Setting[] {
  const { max_requests: most } = project.server;
  if (most === 0) return [];
  return [
    ['set-placeholder', `recycle-after=${most}`],
    ['mule', helper(layout, RECYCLE)],
  ];
}

function logging(): Setting[] {
  return [
    ['disable-logging', true],
    ['log-5xx', true],
  ];
}

function staticFiles({ project, layout }: SettingsInput): Setting[] {
  return Object.entries(project.server.static)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([prefix, folder]) => staticMap(layout, prefix, folder));
}

function staticMap(layout: Layout, prefix: string, folder: string): Setting {
  const literal = (text: string): string => (layout.magic ? text.replaceAll('%', '%%') : text);
  return ['static-map', pathValue(layout, `${literal(prefix)}=${layout.project}/${literal(folder)}`)];
}

function pathValue(layout: Layout, value: string): string | Magic {
  return layout.magic ? { magic: value } : value;
}

function extras(options: Project['server']['uwsgi']): Setting[] {
  return Object.entries(options).flatMap(([name, value]): Setting[] => {
    checkOption(name);
    const reason = reservedReason(name);
    if (reason) {
      throw new DeploykitError(
        'DK_UWSGI_OPTION',
        `[server.uwsgi] ${name} is not yours to set: ${reason.why}`,
        {
          hint: reason.instead,
        },
      );
    }
    // uWSGI has no way to write "off" that every option understands; an absent line is the only sure one.
    if (value === false) return [];
    const values = Array.isArray(value) ? value : [value];
    return values.map((one) => [name, one] as const);
  });
}
