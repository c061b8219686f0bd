import type { Binding, Reference } from './binding.js';
import { heldBy, type Paths } from './held.js';
import type { ParsedModule } from './parsed-module.js';

/** Of a function `(environ, start_response)`, or an object that is called so (PEP 3333). */
export const WSGI_CALLABLE = '&(environ, start_response)';

/** All modules of a project, and what leads from a name to what made its value. */
export interface ProjectCode {
  modules: readonly ParsedModule[];
  /**
   * What a name of a module comes from: the dotted names of constructors outside the project that make it, `&` and the
   * dotted name for an object outside that is taken as it is, WSGI_CALLABLE for a function or object of the project's
   * own. A method of an object is named by the object's constructor: `pyramid.config.Configurator.make_wsgi_app`.
   */
  makers(module: ParsedModule, ref: Reference): Set<string>;
  /** The places of the applications that the one of this name wraps. */
  held(module: ParsedModule, name: string): Set<string>;
}

/**
 * Follows names through assignments, imports, factories and subclasses, from file to file: in
 * `from shop import create_app; app = create_app()` it finds the `flask.Flask` inside `create_app`.
 */
export function readCode(modules: readonly ParsedModule[]): ProjectCode {
  const byName = groupBy(modules, ({ name }) => name);
  const bindings = new Map(modules.map((module) => [module, groupBy(module.bindings, ({ name }) => name)]));

  const imported: Paths['imported'] = (module, name) => {
    const dotted = outsideName(module, name);
    const at = dotted.lastIndexOf('.');
    const candidates = at < 0 ? [] : (byName.get(dotted.slice(0, at)) ?? []);
    const next = candidates.find(({ root }) => root === module.root) ?? candidates[0];
    return next ? { module: next, name: dotted.slice(at + 1) } : null;
  };

  const follow = (module: ParsedModule, ref: Reference, seen: Set<string>): string[] => {
    const key = `${module.file} ${ref.name} ${ref.call}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const own =
      bindings
        .get(module)
        ?.get(ref.name)
        ?.filter(({ kind }) => kind !== 'attribute') ?? [];
    if (own.length > 0) {
      const makers = own.flatMap((binding) => made(module, binding, ref.call, seen));
      // `from web import app; app = Guard(app)`: what is inside was imported under the same name.
      const before = module.imports.get(ref.name)?.runs ? imported(module, ref.name) : null;
      return before ? [...makers, ...follow(before.module, { ...ref, name: before.name }, seen)] : makers;
    }
    const [first = '', ...rest] = ref.name.split('.');
    const holders = rest.length === 0 ? [] : (bindings.get(module)?.get(first) ?? []);
    if (holders.some(({ kind }) => kind === 'value')) {
      return follow(module, { name: first, call: false }, seen).map((maker) => {
        return `${ref.call ? '' : '&'}${maker}.${rest.join('.')}`;
      });
    }
    const next = imported(module, ref.name);
    if (next) return follow(next.module, { ...ref, name: next.name }, seen);
    const dotted = outsideName(module, ref.name);
    return [ref.call ? dotted : `&${dotted}`];
  };

  const made = (module: ParsedModule, binding: Binding, call: boolean, seen: Set<string>): string[] => {
    const called = binding.kind === 'class' && call ? binding.called : null;
    if (isWsgi(call ? (called ?? []) : binding.kind === 'function' ? binding.required : []))
      return [WSGI_CALLABLE];
    // A function or a class makes something only when it is called; a value that is called is an alias of what is.
    if (binding.kind !== 'value' && !call) return [];
    const refs =
      binding.kind === 'value' && call
        ? binding.from.filter((ref) => !ref.call).map(({ name }) => ({ name, call: true }))
        : [...binding.from, ...binding.given];
    return refs.flatMap((ref) => follow(module, ref, seen));
  };

  const paths: Paths = {
    bindings: (module, name) => bindings.get(module)?.get(name) ?? [],
    imported,
    isWsgi,
  };
  return {
    modules,
    makers: (module, ref) => new Set(follow(module, ref, new Set())),
    held: (module, name) => heldBy(module, name, paths),
  };
}

/** Whether these are the parameters of a WSGI application. */
export function isWsgi(required: readonly string[]): boolean {
  const [environ = '', start = '', ...more] = required;
  return more.length === 0 && /env/i.test(environ) && /start|respon/i.test(start);
}

function outsideName(module: ParsedModule, name: string): string {
  const [first = '', ...rest] = name.split('.');
  const imported = module.imports.get(first)?.dotted;
  if (imported !== undefined) return [imported, ...rest].join('.');
  const star = module.stars.at(-1);
  return star === undefined || rest.length > 0 ? name : `${star}.${name}`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
