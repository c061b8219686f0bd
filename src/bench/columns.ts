/** One row a request in start order, preallocated: no object is made for a request. Times are `performance.now()` ms. */
export interface Columns {
  /** Rows in use. */
  length: number;
  start: Float64Array;
  end: Float64Array;
  /** NaN when the request had no connect of its own. */
  connect: Float64Array;
  /** NaN when no byte came. */
  firstByte: Float64Array;
  /** When the request should have started; only in an open loop, else empty. */
  intended: Float64Array;
  /** 0 = good answer, else place in ERROR_CLASSES plus one. */
  error: Uint8Array;
  /** HTTP status, 0 = none came. */
  status: Uint16Array;
}

/** Columns for `capacity` requests. Memory that is never written stays with the system. */
export function makeColumns(capacity: number, open = false): Columns {
  return {
    length: 0,
    start: new Float64Array(capacity),
    end: new Float64Array(capacity),
    connect: new Float64Array(capacity),
    firstByte: new Float64Array(capacity),
    intended: new Float64Array(open ? capacity : 0),
    error: new Uint8Array(capacity),
    status: new Uint16Array(capacity),
  };
}

/** The rows in use: views of the same buffers, so that a million rows are not held twice. */
export function trimColumns(columns: Columns): Columns {
  const { length } = columns;
  return {
    length,
    start: columns.start.subarray(0, length),
    end: columns.end.subarray(0, length),
    connect: columns.connect.subarray(0, length),
    firstByte: columns.firstByte.subarray(0, length),
    intended: columns.intended.subarray(0, length),
    error: columns.error.subarray(0, length),
    status: columns.status.subarray(0, length),
  };
}

/** The buffers behind the columns, to hand them to another thread instead of copying them. */
export function buffersOf(columns: Columns): ArrayBuffer[] {
  const { start, end, connect, firstByte, intended, error, status } = columns;
  const all = [start, end, connect, firstByte, intended, error, status];
  return all.map((column) => column.buffer as ArrayBuffer);
}
