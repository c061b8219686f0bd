import type { Obstacle } from '../types.js';
import { TO_ASGI, TO_WSGI } from './adapters.js';
import type { Binding } from './binding.js';
import { lineOf } from './line-of.js';
import type { ParsedModule } from './parsed-module.js';
import type { ProjectCode } from './project-code.js';
import { rankOf } from './rank.js';

const CONSTRUCTORS = new Set([
  'aiohttp.web.Application',
  'blacksheep.Application',
  'falcon.asgi.App',
  'fastapi.FastAPI',
  'litestar.Litestar',
  'quart.Quart',
  'robyn.Robyn',
  'sanic.Sanic',
  'socketio.ASGIApp',
  'starlette.applications.Starlette',
  'tornado.web.Application',
]);
// These answer requests through a loop of their own, and have no ASGI callable to wrap.
const OWN_LOOP = new Set([
  'aiohttp.web.Application',
  'robyn.Robyn',
  'sanic.Sanic',
  'tornado.web.Application',
]);

/**
 * Asynchronous applications, which uWSGI cannot serve as they are.
 * @param name the deployment's name.
 */
export function asgiApplications(code: ProjectCode, name: string): Obstacle[] {
  const all = code.modules.flatMap((module) =>
    module.bindings.flatMap((binding) => obstacleOf(module, binding, code, name) ?? []),
  );
  return all.filter(({ callable }, index) => all.findIndex((each) => each.callable === callable) === index);
}

function obstacleOf(
  module: ParsedModule,
  { kind, name, at }: Binding,
  code: ProjectCode,
  deployment: string,
): Obstacle | null {
  if (kind !== 'value') return null;
  const makers = [...code.makers(module, { name, call: false })];
  const maker = makers.find((each) => CONSTRUCTORS.has(each) || TO_ASGI.has(each));
  if (!maker || makers.some((each) => TO_WSGI.has(each))) return null;
  const where = `${module.file}:${lineOf(module.source, at)}`;
  const text = `${where}: ${name} is made by ${maker}, which is asynchronous (ASGI); uWSGI serves WSGI applications`;
  return {
    callable: `${module.name}:${name}`,
    text,
    wayOut: wayOut(module.name, name, maker),
    rank: TO_ASGI.has(maker) ? null : rankOf({ callable: name, at, why: text }, module, deployment),
  };
}

function wayOut(module: string, name: string, maker: string): string {
  if (TO_ASGI.has(maker))
    return `Give the WSGI application inside ${name} a name of its own, and serve that.`;
  if (OWN_LOOP.has(maker)) return 'Serve it with a server of its own kind: it has no WSGI side.';
  return (
    'Serve it with an ASGI server (uvicorn, hypercorn, granian); or, where it needs no websockets, wrap it in a file ' +
    `wsgi.py: from a2wsgi import ASGIMiddleware; from ${module} import ${name}; application = ASGIMiddleware(${name})` +
    '; and set [server] threads = 16 and uwsgi = { "lazy-apps" = true }: its asyncio loop is a thread, which no fork copies.'
  );
}
