import type Docker from 'dockerode';
import { workerEvent } from '../../../uwsgi/worker-events.js';
import type { DeploymentEvent, EventName } from '../../events.js';
import { LABEL } from '../labels.js';

type Info = Docker.ContainerInspectInfo;

/** What the state of a container tells of it, long after the engine forgot its own events. */
export function stateEvents(info: Info): DeploymentEvent[] {
  const { State } = info;
  const make = (event: EventName, at: string, message: string): DeploymentEvent => ({
    ...{ at: new Date(at).toISOString(), event, source: 'container' },
    ...{ subject: info.Name.slice(1), release: info.Config.Labels?.[LABEL.release] ?? null },
    ...{ by: null, message },
  });
  const ended = State.Running ? null : State.FinishedAt;
  return [
    ...(isTime(State.StartedAt) ? [make('container.started', State.StartedAt, 'started')] : []),
    ...(ended && isTime(ended) ? [make('container.died', ended, `ended with code ${State.ExitCode}`)] : []),
    ...(State.OOMKilled && isTime(State.FinishedAt)
      ? [make('container.oom', State.FinishedAt, 'out of memory')]
      : []),
  ];
}

// The engine writes the year 1 for never.
function isTime(text: string): boolean {
  return Date.parse(text) > 0;
}

/** What a line of a server's log tells, with the engine's time in front of it; or null. */
export function lineEvent(info: Info, line: string): DeploymentEvent | null {
  const [, at, text = ''] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.*)$/.exec(line) ?? [];
  const known = at === undefined ? null : workerEvent(text);
  if (!known || at === undefined) return null;
  return {
    at: new Date(at).toISOString(),
    event: known.event,
    source: 'log',
    subject: info.Name.slice(1),
    release: info.Config.Labels?.[LABEL.release] ?? null,
    by: null,
    message: known.message,
  };
}

const SAME_MS = 2000;

/** Events of a container's state that the engine did not tell of already. */
export function notYetTold(
  state: readonly DeploymentEvent[],
  told: readonly DeploymentEvent[],
): DeploymentEvent[] {
  return state.filter(
    ({ event, subject, at }) =>
      !told.some(
        (one) =>
          one.event === event &&
          one.subject === subject &&
          Math.abs(Date.parse(one.at) - Date.parse(at)) < SAME_MS,
      ),
  );
}
