import { TO_ASGI, TO_WSGI } from './adapters.js';
import { ENTRY_NAMES, FACTORY_NAMES, lastPart } from './entry-names.js';
import type { FoundCallable } from './framework-detector.js';
import type { ParsedModule } from './parsed-module.js';
import { type ProjectCode, WSGI_CALLABLE } from './project-code.js';

/**
 * The names of a module that hold what one of the constructors makes. Imported names count only in files that exist to
 * be started: elsewhere `from shop import app` is a use of the application, not a place to serve it from.
 */
export function madeBy(
  module: ParsedModule,
  code: ProjectCode,
  constructors: ReadonlySet<string>,
): FoundCallable[] {
  const makes = (name: string) => {
    const makers = [...code.makers(module, { name, call: false })];
    const isAsgi = makers.some((maker) => TO_ASGI.has(maker)) && !makers.some((maker) => TO_WSGI.has(maker));
    return isAsgi ? undefined : makers.find((maker) => constructors.has(maker));
  };
  const found = new Map<string, FoundCallable>();
  for (const { kind, name, at } of module.bindings) {
    if (kind !== 'value' || found.has(name)) continue;
    const maker = makes(name);
    if (maker) found.set(name, { callable: name, at, why: `${name} ${origin(maker)}` });
  }
  if (!ENTRY_NAMES.includes(lastPart(module.name))) return [...found.values()];
  for (const [name, { dotted, at, runs }] of module.imports) {
    if (!runs || found.has(name) || !makes(name)) continue;
    found.set(name, { callable: name, at, why: `${name} is imported from ${dotted}` });
  }
  const [star] = module.stars;
  for (const name of star === undefined ? [] : ['app', 'application']) {
    if (found.has(name) || module.imports.has(name) || !makes(name)) continue;
    const at = Math.max(0, module.source.search(/^from\s.*import\s*\*/m));
    found.set(name, { callable: name, at, why: `${name} is imported from ${star}` });
  }
  return [...found.values()];
}

/** The factories of a module that need no argument and return what one of the constructors makes. */
export function factoriesOf(
  module: ParsedModule,
  code: ProjectCode,
  constructors: ReadonlySet<string>,
  what: string,
  names: readonly string[] = FACTORY_NAMES,
): FoundCallable[] {
  return module.bindings
    .filter(
      ({ kind, name, required }) => kind === 'function' && names.includes(name) && required.length === 0,
    )
    .filter(({ name }) =>
      [...code.makers(module, { name, call: true })].some((maker) => constructors.has(maker)),
    )
    .map(({ name, at }) => ({ callable: `${name}()`, at, why: `${name}() returns ${what}` }));
}

function origin(maker: string): string {
  if (maker === WSGI_CALLABLE) return 'is called with (environ, start_response), as WSGI applications are';
  return maker.startsWith('&') ? `is ${maker.slice(1)}` : `is made by ${maker}`;
}
