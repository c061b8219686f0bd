import { lineOf } from './line-of.js';
import type { ProjectCode } from './project-code.js';

const CONSTRUCTORS = new Set([
  'aiohttp.web.Application',
  'fastapi.FastAPI',
  'litestar.Litestar',
  'quart.Quart',
  'sanic.Sanic',
  'starlette.applications.Starlette',
  'tornado.web.Application',
]);

/** Sentences about asynchronous applications, which uWSGI cannot serve. */
export function asgiApplications(code: ProjectCode): string[] {
  return code.modules.flatMap((module) =>
    module.bindings.flatMap(({ kind, name, at }) => {
      if (kind !== 'value') return [];
      const maker = [...code.makers(module, { name, call: false })].find((each) => CONSTRUCTORS.has(each));
      if (!maker) return [];
      const where = `${module.file}:${lineOf(module.source, at)}`;
      return [
        `${where}: ${name} is made by ${maker}, which is asynchronous (ASGI); uWSGI serves WSGI applications`,
      ];
    }),
  );
}
