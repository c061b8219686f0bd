import type { Socket } from 'node:net';
import type { SocketHandler } from './direct-socket.js';
import { classOfErrno, classOfTimeout, type Reached } from './error-class.js';
import type { HeadCache } from './head-reader.js';
import type { Dial } from './open-socket.js';
import { ResponseParser } from './response-parser.js';
import type { ErrorClass, LoadPlan } from './types.js';

/** What all connections of a run share. */
export interface Wire {
  plan: LoadPlan;
  dial: Dial;
  request: Buffer;
  /** One read buffer for all sockets: a read is parsed before the next one happens. */
  readBuffer: Buffer;
  heads: HeadCache;
  /** The answer is complete (`error` null) or will not come. Called once a request. */
  finished(connection: Connection, error: ErrorClass | null): void;
  /** Bytes came after a complete answer on a connection that carries no further request. */
  extraBytes(connection: Connection): void;
  closed(connection: Connection): void;
}

/** One socket and the request it carries; times are `performance.now()` ms, 0 = not yet. */
export class Connection implements SocketHandler {
  /** Place of the request in the samples; -1 when it carries none. */
  sample = -1;
  /** The sample it carried last, for bytes that come too late. */
  lastSample = -1;
  startedAt = 0;
  connectedAt = 0;
  firstByteAt = 0;
  /** Requests answered on this socket before the present one. */
  served = 0;
  readonly parser: ResponseParser;
  readonly #wire: Wire;
  readonly #socket: Socket;

  constructor(wire: Wire, sample: number, startedAt: number) {
    this.#wire = wire;
    this.sample = sample;
    this.startedAt = startedAt;
    this.parser = new ResponseParser(wire.plan.method === 'HEAD', wire.heads);
    const onread = { buffer: wire.readBuffer, callback: (bytes: number) => this.#read(bytes) };
    this.#socket = wire.dial(onread, this);
  }

  /** The kept connection can carry another request, as far as is known. */
  get usable(): boolean {
    return this.#socket.writable && this.#socket.readable;
  }

  /** Sends the next request on the kept connection. */
  send(sample: number, startedAt: number): void {
    this.sample = sample;
    this.startedAt = startedAt;
    this.firstByteAt = 0;
    this.served++;
    this.parser.reset();
    this.#socket.write(this.#wire.request);
  }

  /** Gives up the request, if any, and the socket. */
  fail(error: ErrorClass): void {
    this.#socket.destroy();
    this.#finish(error);
  }

  timeUp(): void {
    this.fail(classOfTimeout(this.#reached()));
  }

  destroy(): void {
    this.#socket.destroy();
  }

  ready(): void {
    this.connectedAt = performance.now();
    if (this.sample >= 0) this.#socket.write(this.#wire.request);
  }

  ended(): void {
    if (this.sample >= 0) {
      this.parser.eof();
      this.#answered();
    }
    this.#socket.destroy();
  }

  failed(error: NodeJS.ErrnoException): void {
    this.fail(classOfErrno(error.code, this.#reached()));
  }

  closed(): void {
    this.#wire.closed(this);
  }

  #read(length: number): boolean {
    if (this.sample < 0) {
      this.#wire.extraBytes(this);
      this.#socket.destroy();
      return true;
    }
    if (this.firstByteAt === 0) this.firstByteAt = performance.now();
    const { parser } = this;
    parser.push(this.#wire.readBuffer, length);
    if (parser.done) this.#answered();
    return true;
  }

  #answered(): void {
    const { error } = this.parser;
    if (error !== null) this.fail(error);
    else this.#finish(null);
  }

  #finish(error: ErrorClass | null): void {
    if (this.sample < 0) return;
    this.lastSample = this.sample;
    this.sample = -1;
    this.#wire.finished(this, error);
  }

  #reached(): Reached {
    if (this.connectedAt === 0) return 'nothing';
    return this.firstByteAt === 0 ? 'connected' : 'answered';
  }
}
