import type { CallableFinding } from '../types.js';
import { isConventional, isProgram } from './entry-names.js';
import { placeOf } from './held.js';
import type { ParsedModule } from './parsed-module.js';
import type { ProjectCode } from './project-code.js';

/** A callable with the module it is in. */
export interface Placed {
  module: ParsedModule;
  /** As in the module; without `()`. */
  name: string;
  finding: CallableFinding;
}

/**
 * Puts what another callable wraps after it: who serves `app` where the project has `application = ProxyFix(app)` leaves
 * out what the project wants around it. Likewise a factory comes after what the project makes by calling it.
 * @param last rank of what is no entry of the project; a wrapper there, or in a program beside the application, is for
 * a purpose of its own.
 */
export function preferOutermost(
  found: readonly Placed[],
  code: ProjectCode,
  last: number,
): CallableFinding[] {
  const held = new Map(found.map((each) => [each, code.held(each.module, each.name)]));
  const isHeld = (inner: Placed, outer: Placed) =>
    held.get(outer)?.has(placeOf(inner.module, inner.name)) === true;
  return found.map((inner) => {
    const outer = found.filter((each) => {
      return isHeld(inner, each) && !isHeld(each, inner) && isServed(each, inner, last);
    });
    const wraps = found.filter((each) => {
      return !isFactory(each) && isHeld(each, inner) && !isHeld(inner, each);
    });
    const names = [...new Set(wraps.map(({ name }) => name))].join(', ');
    return {
      ...inner.finding,
      rank: Math.max(inner.finding.rank, ...outer.map(({ finding }) => finding.rank + 1)),
      ...(names === '' ? {} : { why: `${inner.finding.why}; it wraps ${names}` }),
    };
  });
}

function isFactory({ finding }: Placed): boolean {
  return finding.value.endsWith('()');
}

function isServed(outer: Placed, inner: Placed, last: number): boolean {
  if (outer.module !== inner.module) return outer.finding.rank < last && !isProgram(outer.module.name);
  const mounts = outer.module.bindings.some(({ kind, name }) => kind === 'attribute' && name === outer.name);
  // An extension is made of an application as well: `middleware = Tracing(app)`.
  return mounts || isFactory(inner) || isConventional(outer.name) || !isConventional(inner.name);
}
