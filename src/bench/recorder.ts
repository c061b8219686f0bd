import { type Columns, makeColumns } from './columns.js';
import type { Connection } from './connection.js';
import { errorCodeOf } from './error-class.js';
import type { ResponseParser } from './response-parser.js';
import type { ErrorClass, LoadPlan } from './types.js';

/** Writes what happened to each request into the columns. */
export class Recorder {
  readonly columns: Columns;
  done = 0;
  errors = 0;
  readonly #expect: NonNullable<LoadPlan['expect']>;

  constructor(capacity: number, { mode, expect }: Pick<LoadPlan, 'mode' | 'expect'>) {
    this.columns = makeColumns(capacity, mode === 'open');
    this.#expect = expect ?? {};
  }

  get full(): boolean {
    return this.columns.length === this.columns.start.length;
  }

  /** A new row; returns its place. `intended`: when an open loop should have started it. */
  begin(now: number, intended = now): number {
    const { columns } = this;
    const sample = columns.length++;
    columns.start[sample] = now;
    if (columns.intended.length > 0) columns.intended[sample] = intended;
    columns.connect[sample] = Number.NaN;
    columns.firstByte[sample] = Number.NaN;
    return sample;
  }

  /** Ends the row of the request `connection` carried last. */
  end(connection: Connection, transportError: ErrorClass | null, now: number): void {
    const { columns } = this;
    const { lastSample, parser, startedAt, connectedAt, firstByteAt } = connection;
    const error = transportError ?? judge(parser, this.#expect);
    columns.end[lastSample] = now;
    if (connection.served === 0 && connectedAt > 0) columns.connect[lastSample] = connectedAt - startedAt;
    if (firstByteAt > 0) columns.firstByte[lastSample] = firstByteAt - startedAt;
    columns.status[lastSample] = parser.status;
    columns.error[lastSample] = errorCodeOf(error);
    this.done++;
    if (error !== null && error !== 'aborted_at_deadline') this.errors++;
  }

  /** Takes back a good verdict: bytes came after the end of the answer. */
  spoil(sample: number): void {
    if (this.columns.error[sample] !== 0) return;
    this.columns.error[sample] = errorCodeOf('extra_bytes');
    this.errors++;
  }
}

function judge(parser: ResponseParser, expect: NonNullable<LoadPlan['expect']>): ErrorClass | null {
  const { status } = parser;
  const good = expect.status === undefined ? status >= 200 && status < 300 : status === expect.status;
  if (good)
    return expect.bodyBytes === undefined || expect.bodyBytes === parser.bodyBytes ? null : 'body_mismatch';
  if (status >= 500) return 'http_5xx';
  if (status >= 400) return 'http_4xx';
  return status >= 300 ? 'http_3xx' : 'body_mismatch';
}
