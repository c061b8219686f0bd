import { parseHead, type ResponseHead, startsLikeHttp } from './response-head.js';
import type { ErrorClass } from './types.js';

const MAX_HEAD = 32 * 1024;
const NOTHING = Buffer.alloc(0);
const BLANK_LINE = Buffer.from('\r\n\r\n');

/**
 * The last response head, shared by all connections. Heads of one server are byte for byte the same
 * until the Date changes, so that one comparison replaces the parsing of nearly all of them.
 */
export interface HeadCache {
  bytes: Buffer;
  head: ResponseHead | null;
}

/** Finds and reads the head of one response in pieces cut anywhere; 1xx heads are read and forgotten. */
export class HeadReader {
  head: ResponseHead | null = null;
  error: ErrorClass | null = null;
  readonly #isHead: boolean;
  readonly #cache: HeadCache;
  #partial = NOTHING;
  #partialLength = 0;

  /** `isHead`: the request method is HEAD, so no body follows. */
  constructor(isHead: boolean, cache: HeadCache) {
    this.#isHead = isHead;
    this.#cache = cache;
  }

  /** True when a head has begun and not ended. */
  get begun(): boolean {
    return this.#partialLength > 0;
  }

  reset(): void {
    this.head = null;
    this.error = null;
    this.#partialLength = 0;
  }

  /** Takes bytes `[at, end)` up to the end of one head; returns the place of the first byte not taken. */
  push(bytes: Buffer, at: number, end: number): number {
    if (this.#partialLength > 0) return this.#continue(bytes, at, end);
    const { bytes: known, head } = this.#cache;
    if (head !== null && isAt(known, bytes, at, end)) {
      this.head = head;
      return at + known.length;
    }
    return this.#begin(bytes, at, end);
  }

  #begin(bytes: Buffer, at: number, end: number): number {
    const rest = bytes.subarray(at, end);
    if (!startsLikeHttp(rest)) {
      this.error = 'bad_status_line';
      return at;
    }
    const blank = rest.indexOf(BLANK_LINE);
    if (blank < 0) return this.#keep(bytes, at, end);
    this.#parse(rest, blank + BLANK_LINE.length);
    return at + blank + BLANK_LINE.length;
  }

  #continue(bytes: Buffer, at: number, end: number): number {
    const before = this.#partialLength;
    this.#keep(bytes, at, end);
    const all = this.#partial.subarray(0, this.#partialLength);
    if (!startsLikeHttp(all)) this.error = 'bad_status_line';
    const blank = all.indexOf(BLANK_LINE, Math.max(0, before - BLANK_LINE.length + 1));
    if (blank < 0 || this.error === 'bad_status_line') return end;
    this.#partialLength = 0;
    this.#parse(all, blank + BLANK_LINE.length);
    return at + blank + BLANK_LINE.length - before;
  }

  #keep(bytes: Buffer, at: number, end: number): number {
    if (this.#partial.length === 0) this.#partial = Buffer.allocUnsafe(MAX_HEAD + BLANK_LINE.length);
    this.#partialLength += bytes.copy(this.#partial, this.#partialLength, at, end);
    const full = this.#partialLength === this.#partial.length;
    if (full && this.#partial.indexOf(BLANK_LINE) < 0) this.error = 'header_overflow';
    return end;
  }

  #parse(bytes: Buffer, length: number): void {
    const head = length > MAX_HEAD ? 'header_overflow' : parseHead(bytes, length, this.#isHead);
    if (typeof head === 'string') this.error = head;
    // 1xx are announcements: the real response follows.
    else if (head.status >= 200) this.#learn(head, bytes.subarray(0, length));
  }

  #learn(head: ResponseHead, bytes: Buffer): void {
    this.head = head;
    this.#cache.bytes = Buffer.from(bytes);
    this.#cache.head = head;
  }
}

function isAt(known: Buffer, bytes: Buffer, at: number, end: number): boolean {
  return end - at >= known.length && bytes.compare(known, 0, known.length, at, at + known.length) === 0;
}
