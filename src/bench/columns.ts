/** One row a request in start order, preallocated: no object is made for a request. Times are `performance.now()` ms. */
export interface Columns {
  /** Rows in use. */
  length: number;
  start: Float64Array;
  end: Float64Array;
  connect: Float64Array;
  firstByte: Float64Array;
  /** 0 = good answer, else place in ERROR_CLASSES plus one. */
  error: Uint8Array;
  /** HTTP status, 0 = none came. */
  status: Uint16Array;
}

/** Columns for `capacity` requests. */
export function makeColumns(capacity: number): Columns {
  return {
    length: 0,
    start: new Float64Array(capacity),
    end: new Float64Array(capacity),
    connect: new Float64Array(capacity).fill(Number.NaN),
    firstByte: new Float64Array(capacity).fill(Number.NaN),
    error: new Uint8Array(capacity),
    status: new Uint16Array(capacity),
  };
}

/** The rows in use, in buffers of their own that can be handed to another thread. */
export function trimColumns(columns: Columns): Columns {
  const { length } = columns;
  return {
    length,
    start: columns.start.slice(0, length),
    end: columns.end.slice(0, length),
    connect: columns.connect.slice(0, length),
    firstByte: columns.firstByte.slice(0, length),
    error: columns.error.slice(0, length),
    status: columns.status.slice(0, length),
  };
}
