import type { Obstacle } from '../types.js';
import { lineOf } from './line-of.js';
import type { ParsedModule } from './parsed-module.js';
import type { ProjectCode } from './project-code.js';

/** Applications that are made in a way no server can ask for without help: each with what to write instead. */
export function nearMisses(code: ProjectCode): Obstacle[] {
  return code.modules.flatMap((module) => [...pasteFactories(module, code), ...defaultApplications(module)]);
}

// main(global_config, **settings): Paste calls it, with the settings of an ini file.
function pasteFactories(module: ParsedModule, code: ProjectCode): Obstacle[] {
  return module.bindings.flatMap(({ kind, name, required, at }) => {
    if (kind !== 'function' || required.length === 0) return [];
    const makers = code.makers(module, { name, call: true });
    if (!makers.has('pyramid.config.Configurator.make_wsgi_app')) return [];
    return [
      {
        callable: `${module.name}:${name}()`,
        text: `${module.file}:${lineOf(module.source, at)}: ${name}(${required.join(', ')}, …) is a factory for Paste, which gives it the settings of an ini file`,
        wayOut:
          'Write a file wsgi.py: from pyramid.paster import get_app; application = get_app("production.ini", "main")',
        rank: null,
      },
    ];
  });
}

// Routes by decorators of the bottle module itself belong to an application that has no name in the file.
function defaultApplications(module: ParsedModule): Obstacle[] {
  const names = ['route', 'get', 'post'].filter((name) => {
    return module.imports.get(name)?.dotted === `bottle.${name}` || module.stars.includes('bottle');
  });
  const use = module.imports.has('bottle') ? ['bottle.route', 'bottle.get', 'bottle.post', ...names] : names;
  const pattern = new RegExp(`^@(${use.map((name) => name.replace('.', '\\.')).join('|')})\\(`, 'm');
  const match = use.length > 0 ? pattern.exec(module.source) : null;
  if (!match) return [];
  return [
    {
      callable: `${module.name}:application`,
      text: `${module.file}:${lineOf(module.source, match.index)}: these routes belong to bottle's default application, which has no name here`,
      wayOut: `Add a line to ${module.file}: application = bottle.default_app()`,
      rank: null,
    },
  ];
}
