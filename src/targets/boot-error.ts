import { DeploykitError, type ErrorCode } from '../errors.js';
import type { Plan } from '../plan/types.js';
import { type BootFailure, readBootFailure } from '../uwsgi/boot-log.js';

/** The error for a server that printed `log` and did not come up. */
export function bootError(log: string, plan: Plan): DeploykitError {
  const failure = readBootFailure(log);
  const { code, message, hint } = describe(failure, plan);
  return new DeploykitError(code, message, { hint, excerpt: failure.detail });
}

function describe(failure: BootFailure, plan: Plan): { code: ErrorCode; message: string; hint: string } {
  const { module, callable } = plan.app;
  switch (failure.kind) {
    case 'gevent-missing':
      return {
        code: 'DK_GEVENT_MISSING',
        message: `async = ${plan.server.async} was asked for, and the server has no gevent`,
        hint: 'Install gevent where the server runs: undo the edit that removed it, or add it to the requirements.',
      };
    case 'gevent-broken':
      return {
        code: 'DK_UWSGI_BUILD_FAILED',
        message: 'the uWSGI binary does not fit the interpreter it embeds',
        hint: 'Build it again for this interpreter: deploykit down --purge, then deploykit up.',
      };
    case 'port-taken':
      return {
        code: 'DK_PORT_TAKEN',
        message: `${plan.bind}:${plan.port} is in use`,
        hint: 'Stop what listens there, or choose another port: deploykit up --port 8001 (0 picks a free one).',
      };
    case 'app-import':
      return {
        code: 'DK_APP_IMPORT',
        message: `importing ${module} failed: ${failure.detail.trim().split('\n').at(-1) ?? ''}`,
        hint: 'Mend the import; a missing module belongs into the requirements.',
      };
    case 'app-callable':
      return {
        code: 'DK_APP_CALLABLE',
        message: `the module ${module} has no callable "${callable}"`,
        hint: 'Set [app] module = "module:callable" to the name of the WSGI application.',
      };
    case 'unknown-option':
      return {
        code: 'DK_UWSGI_OPTION',
        message: `the server's uWSGI refused an option: ${failure.detail.split(': ').at(-1) ?? ''}`,
        hint: 'Remove it from [server.uwsgi], or from the edited uwsgi.ini.',
      };
    case 'listen-too-long':
      return {
        code: 'DK_PLAN_LISTEN',
        message: `listen = ${plan.server.listen} is more than the kernel allows there`,
        hint: 'Lower [server] listen, or raise net.core.somaxconn.',
      };
    case 'other':
      return {
        code: 'DK_SERVER_FAILED',
        message: 'the server did not start',
        hint: 'Its last lines are above.',
      };
  }
}
