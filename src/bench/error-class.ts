import type { ErrorClass } from './types.js';

/** Every error class in a fixed order: the samples column stores the place in this list plus one, and 0 for a good answer. */
export const ERROR_CLASSES: readonly ErrorClass[] = [
  'refused',
  'tls_failed',
  'timeout_connect',
  'timeout_response',
  'timeout_body',
  'reset_before_response',
  'reset_mid_response',
  'closed_before_response',
  'truncated_header',
  'short_body',
  'extra_bytes',
  'bad_status_line',
  'bad_chunk',
  'bad_content_length',
  'header_overflow',
  'http_3xx',
  'http_4xx',
  'http_5xx',
  'body_mismatch',
  'local_exhaustion',
  'aborted_at_deadline',
];

/** The number the samples column stores for a class. */
export function errorCodeOf(error: ErrorClass | null): number {
  return error === null ? 0 : ERROR_CLASSES.indexOf(error) + 1;
}

// Errors of this machine, not of the server: they make a run INVALID (bench.md §2, error taxonomy).
const LOCAL = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM']);

// What node:tls reports when there is no TLS at the other end or its certificate is not valid.
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

/** How far a request had come when its socket failed. */
export type Reached = 'nothing' | 'connected' | 'answered';

/** The class of a socket error from its errno name and from how far the request had come. */
export function classOfErrno(errno: string | undefined, reached: Reached): ErrorClass {
  if (errno !== undefined && LOCAL.has(errno)) return 'local_exhaustion';
  if (errno !== undefined && TLS.test(errno)) return 'tls_failed';
  if (reached === 'answered') return 'reset_mid_response';
  if (reached === 'connected') return 'reset_before_response';
  if (errno === 'ETIMEDOUT') return 'timeout_connect';
  return errno === 'ECONNRESET' ? 'reset_before_response' : 'refused';
}

/** The class of a request whose time is up. */
export function classOfTimeout(reached: Reached): ErrorClass {
  if (reached === 'nothing') return 'timeout_connect';
  return reached === 'connected' ? 'timeout_response' : 'timeout_body';
}
