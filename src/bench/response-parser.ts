import { ChunkedBody } from './chunked-body.js';
import { type HeadCache, HeadReader } from './head-reader.js';
import { BODY, type ResponseHead } from './response-head.js';
import type { ErrorClass } from './types.js';

/** Reads one response (RFC 9112 framing) from pieces cut anywhere. Keeps counts, not content. */
export class ResponseParser {
  status = 0;
  bodyBytes = 0;
  /** The whole response was read, or `error` is set. */
  done = false;
  error: ErrorClass | null = null;
  /** The connection may carry another request. */
  reusable = false;
  readonly #reader: HeadReader;
  #head: ResponseHead | null = null;
  #remaining = 0;
  #chunks: ChunkedBody | null = null;

  /** `isHead`: the request method is HEAD, so no body follows. */
  constructor(isHead: boolean, cache: HeadCache) {
    this.#reader = new HeadReader(isHead, cache);
  }

  /** Forgets the last response. */
  reset(): void {
    this.status = 0;
    this.bodyBytes = 0;
    this.done = false;
    this.error = null;
    this.reusable = false;
    this.#head = null;
    this.#reader.reset();
  }

  /** Takes `bytes[0..end)`; bytes after the end of the response are the error `extra_bytes`. */
  push(bytes: Buffer, end: number): void {
    let at = 0;
    while (this.#head === null && at < end && !this.done) at = this.#takeHead(bytes, at, end);
    if (!this.done && at < end) at = this.#takeBody(bytes, at, end);
    if (this.done && this.error === null && at < end) this.#fail('extra_bytes');
  }

  /** The peer closed its side: the end of an EOF-delimited body, else an error. */
  eof(): void {
    if (this.done) return;
    if (this.#head?.body === BODY.eof) this.done = true;
    else if (this.#head !== null) this.#fail('short_body');
    else this.#fail(this.#reader.begun ? 'truncated_header' : 'closed_before_response');
  }

  #fail(error: ErrorClass): void {
    this.error = error;
    this.done = true;
    this.reusable = false;
  }

  #takeHead(bytes: Buffer, at: number, end: number): number {
    const next = this.#reader.push(bytes, at, end);
    const { head, error } = this.#reader;
    if (error !== null) this.#fail(error);
    else if (head !== null) this.#apply(head);
    return next;
  }

  #apply(head: ResponseHead): void {
    this.#head = head;
    this.status = head.status;
    this.reusable = head.reusable;
    this.#remaining = head.contentLength;
    if (head.body === BODY.none || (head.body === BODY.length && head.contentLength === 0)) this.done = true;
    if (head.body !== BODY.chunked) return;
    this.#chunks ??= new ChunkedBody();
    this.#chunks.reset();
  }

  #takeBody(bytes: Buffer, at: number, end: number): number {
    const body = this.#head?.body;
    if (body === BODY.chunked && this.#chunks !== null) return this.#takeChunks(this.#chunks, bytes, at, end);
    const taken = body === BODY.length ? Math.min(end - at, this.#remaining) : end - at;
    this.bodyBytes += taken;
    this.#remaining -= taken;
    if (body === BODY.length && this.#remaining === 0) this.done = true;
    return at + taken;
  }

  #takeChunks(chunks: ChunkedBody, bytes: Buffer, at: number, end: number): number {
    const next = chunks.push(bytes, at, end);
    this.bodyBytes = chunks.bodyBytes;
    if (chunks.error !== null) this.#fail(chunks.error);
    else if (chunks.done) this.done = true;
    return next;
  }
}
