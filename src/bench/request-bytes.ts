import { DeploykitError } from '../errors.js';
import type { LoadPlan } from './types.js';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// Visible ASCII without blanks: anything else would have to be percent-encoded by the caller.
const TARGET = /^\/[\x21-\x7e]*$/;
// A wrong length would make the server wait; connection policy is a setting of the run.
const OURS = ['content-length', 'transfer-encoding', 'connection'];
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * The bytes of the one request a run sends, made once.
 * @throws DeploykitError DK_USAGE when a part would break out of its place in the request.
 */
export function requestBytes(
  plan: Pick<LoadPlan, 'endpoint' | 'path' | 'method' | 'headers' | 'keepAlive' | 'body'>,
): Buffer {
  check(TOKEN, plan.method, 'method');
  check(TARGET, plan.path, 'path');
  const lines = fieldsOf(plan).map(([name, value]) => {
    check(TOKEN, name, 'header name');
    check(FIELD_VALUE, value, `value of header ${name}`);
    return `${name}: ${value}\r\n`;
  });
  const head = Buffer.from(`${plan.method} ${plan.path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
  return plan.body === undefined ? head : Buffer.concat([head, Buffer.from(plan.body, 'utf8')]);
}

/** The user's headers replace ours of the same name, in any case of letters. */
function fieldsOf({
  endpoint,
  keepAlive,
  body,
  headers,
}: Pick<LoadPlan, 'endpoint' | 'headers' | 'keepAlive' | 'body'>): [string, string][] {
  const own: [string, string][] = [
    ['Host', endpoint.hostHeader],
    ['Connection', keepAlive ? 'keep-alive' : 'close'],
    ['Accept', '*/*'],
    ['User-Agent', 'deploykit-bench'],
    ...framing(body),
  ];
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  for (const name of OURS) if (given.has(name)) refuseHeader(name);
  return [...own.filter(([name]) => !given.has(name.toLowerCase())), ...Object.entries(headers)];
}

// What curl sends for --data; another type is given as a header.
function framing(body: string | undefined): [string, string][] {
  if (body === undefined) return [];
  return [
    ['Content-Type', 'application/x-www-form-urlencoded'],
    ['Content-Length', String(Buffer.byteLength(body, 'utf8'))],
  ];
}

function refuseHeader(name: string): never {
  throw new DeploykitError('DK_USAGE', `the header ${name} is set by the bench itself`, {
    hint: 'Give the body with --data; connections are kept with --keep-alive.',
  });
}

function check(allowed: RegExp, value: string, what: string): void {
  if (allowed.test(value)) return;
  throw new DeploykitError(
    'DK_USAGE',
    `the ${what} ${JSON.stringify(value)} cannot be sent in an HTTP request`,
    {
      hint:
        what === 'path'
          ? 'Start it with / and percent-encode blanks and non-ASCII characters.'
          : 'Use plain printable ASCII.',
    },
  );
}
