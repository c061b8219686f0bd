import type { Binding, Reference } from './binding.js';
import type { ParsedModule } from './parsed-module.js';

/** How names lead from module to module. */
export interface Paths {
  /** The statements of a module that define a name, or set something on its object. */
  bindings(module: ParsedModule, name: string): readonly Binding[];
  /** Where the project defines a name that this module imports. */
  imported(module: ParsedModule, name: string): { module: ParsedModule; name: string } | null;
  /** Whether these are the parameters of a WSGI application. */
  isWsgi(required: readonly string[]): boolean;
}

/** One name of one module. */
export function placeOf(module: ParsedModule, name: string): string {
  return `${module.file} ${name}`;
}

/**
 * The places of the applications that an application answers through: what it wraps, what that wraps, and so on; of
 * `application = ProxyFix(app)` it is `app`, and the place that `app` is imported from; and the factories that are called
 * on the way. Other names of the application itself are not among them.
 */
export function heldBy(module: ParsedModule, name: string, paths: Paths): Set<string> {
  const held = new Set<string>();
  const seen = new Set<string>();
  const visit = (
    at: ParsedModule,
    { name: dotted, call }: Reference,
    isInside: boolean,
    definer?: string,
  ): void => {
    const [first = dotted] = dotted.split('.');
    const local = paths.bindings(at, first).length > 0 ? first : dotted;
    const place = placeOf(at, local);
    const key = `${isInside} ${place}`;
    // In `application = ProxyFix(application)` what is inside is there no more under this name.
    if ((isInside || call) && place !== definer) held.add(place);
    if (seen.has(key)) return;
    seen.add(key);
    for (const { kind, from, given, required } of paths.bindings(at, local)) {
      // def application(environ, start_response): return app(environ, start_response)
      const passesOn = kind === 'function' && paths.isWsgi(required);
      if (kind !== 'class') for (const ref of from) visit(at, ref, isInside || passesOn);
      for (const ref of given) visit(at, ref, true, place);
    }
    const next = paths.imported(at, local);
    if (next) visit(next.module, { name: next.name, call }, isInside);
  };
  visit(module, { name, call: false }, false);
  held.delete(placeOf(module, name));
  return held;
}
