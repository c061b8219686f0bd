import { DeploykitError } from '../errors.js';
import type { LoadPlan } from './types.js';

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// Visible ASCII without blanks: anything else would have to be percent-encoded by the caller.
const TARGET = /^\/[\x21-\x7e]*$/;
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * The bytes of the one request a run sends, made once.
 * @throws DeploykitError DK_USAGE when a part would break out of its place in the request.
 */
export function requestBytes(
  plan: Pick<LoadPlan, 'endpoint' | 'path' | 'method' | 'headers' | 'keepAlive'>,
): Buffer {
  check(TOKEN, plan.method, 'method');
  check(TARGET, plan.path, 'path');
  const fields = {
    Host: plan.endpoint.hostHeader,
    Connection: plan.keepAlive ? 'keep-alive' : 'close',
    Accept: '*/*',
    'User-Agent': 'deploykit-bench',
    ...plan.headers,
  };
  const lines = Object.entries(fields).map(([name, value]) => {
    check(TOKEN, name, 'header name');
    check(FIELD_VALUE, value, `value of header ${name}`);
    return `${name}: ${value}\r\n`;
  });
  return Buffer.from(`${plan.method} ${plan.path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
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
