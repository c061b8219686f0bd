import type { Reference } from './binding.js';
import { children, dottedName, type PythonNode, splitAt } from './python-tree.js';

// What wraps applications says so by its name; its other arguments may be applications as well (DispatcherMiddleware).
// Flask's extensions attach themselves to the application and are none (FlaskMiddleware of opencensus).
const WRAPPER =
  /^(?!.*Flask\w*$).*(Middleware|Proxy|Fix|Proxied|WhiteNoise|Cling|Sentry|WSGIApp|Wrapper|Dispatcher)$/;

/** What an expression comes from, and what applications it wraps. */
export interface Sources {
  from: Reference[];
  given: Reference[];
}

/**
 * Reads an expression.
 * @param isApplication true when it is an application by its name: then whatever is called is taken for a wrapper of
 * its first argument, as in `app = Guard(Flask(...))`.
 */
export function sourcesOf(value: PythonNode | null, source: string, isApplication: boolean): Sources {
  if (value?.name === 'ParenthesizedExpression')
    return sourcesOf(children(value)[1] ?? null, source, isApplication);
  if (value?.name === 'ConditionalExpression') {
    return joined(children(value).map((part) => sourcesOf(part, source, isApplication)));
  }
  if (value?.name === 'CallExpression') {
    const callee = dottedName(value.firstChild, source);
    const given = wrappedIn(value, callee, isApplication).map((each) => sourcesOf(each, source, true));
    return {
      from: callee ? [{ name: callee, call: true }] : [],
      given: given.flatMap((each) => [...each.from, ...each.given]),
    };
  }
  const name = dottedName(value, source);
  return { from: name ? [{ name, call: false }] : [], given: [] };
}

function wrappedIn(call: PythonNode, callee: string | null, isApplication: boolean): PythonNode[] {
  const list = call.getChild('ArgList');
  if (!list) return [];
  if (callee !== null && WRAPPER.test(callee)) return valuesIn(list).flatMap(withEntries);
  const first = children(list)[1];
  return isApplication && first ? [first] : [];
}

// The applications of a dispatcher are the values of a dictionary.
function withEntries(value: PythonNode): PythonNode[] {
  return value.name === 'DictionaryExpression' ? valuesIn(value) : [value];
}

// Of `a`, `name=a`, and `key: a`, in brackets: a.
function valuesIn(list: PythonNode): PythonNode[] {
  return splitAt(children(list).slice(1, -1), ',').flatMap((parts) => parts.at(-1) ?? []);
}

function joined(parts: Sources[]): Sources {
  return { from: parts.flatMap(({ from }) => from), given: parts.flatMap(({ given }) => given) };
}
