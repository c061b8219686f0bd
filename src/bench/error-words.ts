import type { ErrorClass } from './types.js';

const WORDS: Record<ErrorClass, string> = {
  refused: 'connection refused: nothing listens there, or the listen queue is full',
  tls_failed: 'no TLS connection: the certificate is not valid here, or the server does not speak TLS',
  timeout_connect: 'no connection in time: the listen queue is full, or packets are dropped',
  timeout_response: 'no byte of an answer in time',
  timeout_body: 'the answer began but did not end in time',
  reset_before_response: 'connection reset before an answer',
  reset_mid_response: 'connection reset in the middle of an answer',
  closed_before_response: 'connection closed without an answer: a worker died or was stopped',
  truncated_header: 'connection closed in the middle of the header',
  short_body: 'body shorter than announced',
  extra_bytes: 'bytes after the end of the answer',
  bad_status_line: 'the answer does not begin like HTTP',
  bad_chunk: 'broken chunked encoding',
  bad_content_length: 'Content-Length is not one number',
  header_overflow: 'header longer than 32 KiB',
  http_3xx: 'redirected (HTTP 3xx)',
  http_4xx: 'refused by the application (HTTP 4xx)',
  http_5xx: 'failed in the application or a proxy (HTTP 5xx)',
  body_mismatch: 'another status or body length than expected',
  local_exhaustion: 'no free socket, port or memory on this machine',
  aborted_at_deadline: 'still in flight when the run ended',
};

/** What an error class means, for people. */
function errorText(error: ErrorClass): string {
  return WORDS[error];
}

/** One phrase a class, most frequent first: `12 × connection reset before an answer`. */
export function errorWords(errors: Partial<Record<ErrorClass, number>>): string[] {
  const entries = Object.entries(errors) as [ErrorClass, number][];
  return entries
    .sort(([, a], [, b]) => b - a)
    .map(([error, count]) => `${count.toLocaleString('en-US')} × ${errorText(error)}`);
}

/** Requests that failed. What was cut off at the deadline is neither an error nor a success. */
export function errorCount(errors: Partial<Record<ErrorClass, number>>): number {
  const { aborted_at_deadline: _, ...failures } = errors;
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}
