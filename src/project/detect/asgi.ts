import type { Obstacle } from '../types.js';
import { lineOf } from './line-of.js';
import type { ProjectCode } from './project-code.js';

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

/** Asynchronous applications, which uWSGI cannot serve as they are. */
export function asgiApplications(code: ProjectCode): Obstacle[] {
  return code.modules.flatMap((module) =>
    module.bindings.flatMap(({ kind, name, at }) => {
      if (kind !== 'value') return [];
      const maker = [...code.makers(module, { name, call: false })].find((each) => CONSTRUCTORS.has(each));
      if (!maker) return [];
      const where = `${module.file}:${lineOf(module.source, at)}`;
      const callable = `${module.name}:${name}`;
      return [
        {
          callable,
          text: `${where}: ${name} is made by ${maker}, which is asynchronous (ASGI); uWSGI serves WSGI applications`,
          wayOut: wayOut(module.name, name, maker),
        },
      ];
    }),
  );
}

function wayOut(module: string, name: string, maker: string): string {
  if (OWN_LOOP.has(maker)) return 'Serve it with a server of its own kind: it has no WSGI side.';
  return (
    'Serve it with an ASGI server (uvicorn, hypercorn, granian); or, where it needs no websockets, wrap it in a file ' +
    `wsgi.py: from a2wsgi import ASGIMiddleware; from ${module} import ${name}; application = ASGIMiddleware(${name})` +
    '; and set [server] threads = 16 and uwsgi = { "lazy-apps" = true }: its asyncio loop is a thread, which no fork copies.'
  );
}
