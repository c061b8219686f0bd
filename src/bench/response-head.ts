import type { ErrorClass } from './types.js';

/** How the body of a response ends (RFC 9112 §6.3). */
export const BODY = { none: 0, length: 1, chunked: 2, eof: 3 } as const;
type BodyKind = (typeof BODY)[keyof typeof BODY];

/** What a response head says about the message; the rest of it is not kept. */
export interface ResponseHead {
  status: number;
  body: BodyKind;
  /** Bytes of the body when `body` is `length`, else 0. */
  contentLength: number;
  /** False when the connection ends with this message. */
  reusable: boolean;
}

interface Fields {
  contentLength: number | null;
  chunked: boolean;
  encoded: boolean;
  close: boolean;
  keepAlive: boolean;
}

const VERSION = Buffer.from('HTTP/1.');
const CR = 13;
const COLON = 58;
const ZERO = 48;

/**
 * Reads the head in `bytes[0..end)`, its blank line included.
 * Fields that do not decide the framing are skipped unread: this is a load generator, not a validator.
 */
export function parseHead(bytes: Buffer, end: number, isHead: boolean): ResponseHead | ErrorClass {
  const status = statusOf(bytes);
  if (status === null) return 'bad_status_line';
  const fields = parseFields(bytes, end);
  if (fields === null) return 'bad_content_length';
  const body = bodyOf(status, isHead, fields);
  const persistent = bytes[7] === ZERO ? fields.keepAlive : !fields.close;
  return {
    status,
    body,
    contentLength: body === BODY.length ? (fields.contentLength ?? 0) : 0,
    // A chunked HTTP/1.0 answer is faulty framing: read it, then close (RFC 9112 §6.1).
    reusable: persistent && body !== BODY.eof && !(fields.encoded && bytes[7] === ZERO),
  };
}

/** True while `bytes`, the beginning of a head, can still become `HTTP/1.x`. */
export function startsLikeHttp(bytes: Buffer): boolean {
  const n = Math.min(bytes.length, VERSION.length);
  return bytes.compare(VERSION, 0, n, 0, n) === 0;
}

function statusOf(bytes: Buffer): number | null {
  if (!startsLikeHttp(bytes) || digit(bytes[7]) < 0 || bytes[8] !== 32) return null;
  const [a, b, c] = [digit(bytes[9]), digit(bytes[10]), digit(bytes[11])];
  if (a < 1 || b < 0 || c < 0) return null;
  return bytes[12] === 32 || bytes[12] === CR ? a * 100 + b * 10 + c : null;
}

function digit(byte: number | undefined): number {
  return byte !== undefined && byte >= 48 && byte <= 57 ? byte - 48 : -1;
}

/** Null when the Content-Length fields are not one number (RFC 9112 §6.3, rule 5). */
function parseFields(bytes: Buffer, end: number): Fields | null {
  const fields: Fields = {
    contentLength: null,
    chunked: false,
    encoded: false,
    close: false,
    keepAlive: false,
  };
  let at = nextLine(bytes, 0, end);
  while (at < end && bytes[at] !== CR) {
    const next = nextLine(bytes, at, end);
    const first = (bytes[at] ?? 0) | 32;
    // Only Content-Length, Connection and Transfer-Encoding matter, and they start with c or t.
    if ((first === 99 || first === 116) && !readField(fields, bytes, at, next)) return null;
    at = next;
  }
  return fields;
}

function nextLine(bytes: Buffer, from: number, end: number): number {
  for (let i = from; i + 1 < end; i++) if (bytes[i] === CR && bytes[i + 1] === 10) return i + 2;
  return end;
}

function readField(fields: Fields, bytes: Buffer, at: number, next: number): boolean {
  const colon = bytes.indexOf(COLON, at);
  if (colon < 0 || colon >= next) return true;
  const name = bytes.toString('latin1', at, colon).toLowerCase();
  if (name !== 'content-length' && name !== 'connection' && name !== 'transfer-encoding') return true;
  const values = bytes
    .toString('latin1', colon + 1, next)
    .toLowerCase()
    .split(',')
    .map((value) => value.trim());
  if (name === 'content-length') return values.every((value) => readLength(fields, value));
  if (name === 'connection') {
    fields.close ||= values.includes('close');
    fields.keepAlive ||= values.includes('keep-alive');
  } else {
    fields.encoded = true;
    fields.chunked = values.at(-1) === 'chunked';
  }
  return true;
}

function readLength(fields: Fields, value: string): boolean {
  const length = /^\d{1,15}$/.test(value) ? Number(value) : null;
  if (length === null || (fields.contentLength !== null && fields.contentLength !== length)) return false;
  fields.contentLength = length;
  return true;
}

function bodyOf(status: number, isHead: boolean, fields: Fields): BodyKind {
  if (isHead || status < 200 || status === 204 || status === 304) return BODY.none;
  if (fields.encoded) return fields.chunked ? BODY.chunked : BODY.eof;
  return fields.contentLength === null ? BODY.eof : BODY.length;
}
