import type { Plan } from '../../plan/types.js';

/** One link of the chain a request's time passes through, outermost first. */
export interface TimeLimit {
  who: string;
  setting: string;
  /** null: nothing limits it. */
  seconds: number | null;
  meaning: string;
}

/** Who gives up when, from the client to the supervisor: each has to outlast the next one within. */
export function timeLimits(plan: Plan): TimeLimit[] {
  const { hangTimeout } = plan.server;
  const { request, reloadMercy, stopGrace } = plan.server.timeouts;
  return [
    ...frontLimits(plan),
    plan.server.topology === 'gevent'
      ? {
          who: 'uWSGI',
          setting: 'harakiri',
          seconds: null,
          meaning: `off with gevent: its clock is the worker's, not a request's; ${request} s were asked for`,
        }
      : { who: 'uWSGI', setting: 'harakiri', seconds: request, meaning: 'a request, from accept to answer' },
    ...(hangTimeout === null ? [] : [hangLimit(hangTimeout)]),
    {
      who: 'uWSGI',
      setting: 'worker-reload-mercy',
      seconds: reloadMercy,
      meaning: 'a stopping worker may finish its requests',
    },
    {
      who: SUPERVISOR[plan.target.kind],
      setting: 'stop grace',
      seconds: stopGrace,
      meaning: 'until SIGKILL',
    },
  ];
}

function hangLimit(seconds: number): TimeLimit {
  return { who: 'watchdog', setting: 'hang_timeout', seconds, meaning: 'the hub of a worker stands still' };
}

const SUPERVISOR = { docker: 'engine', process: 'deploykit', systemd: 'systemd' } as const;

function frontLimits({ front }: Plan): TimeLimit[] {
  if (!front) return [];
  const { header, body, send, keepAlive, read } = front.timeouts;
  return [
    { who: 'nginx', setting: 'keepalive_timeout', seconds: keepAlive, meaning: 'an idle client' },
    { who: 'nginx', setting: 'client_header_timeout', seconds: header, meaning: 'all of the headers' },
    {
      who: 'nginx',
      setting: 'client_body_timeout',
      seconds: body,
      meaning: 'between two pieces of the body',
    },
    { who: 'nginx', setting: 'send_timeout', seconds: send, meaning: 'between two pieces of the answer' },
    { who: 'nginx', setting: 'uwsgi_read_timeout', seconds: read, meaning: 'request sent to first byte' },
  ];
}
