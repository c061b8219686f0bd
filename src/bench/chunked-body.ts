const CR = 13;
const LF = 10;
const MAX_SIZE_LINE = 4096;
const MAX_TRAILERS = 32 * 1024;

type Failure = 'bad_chunk' | 'header_overflow';
type Reading =
  | 'size'
  | 'extension'
  | 'size-lf'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'trailer'
  | 'trailer-lf'
  | 'last-lf';
type State = Reading | 'done' | Failure;

/** Reads one chunked body (RFC 9112 §7.1) from pieces cut anywhere; counts it, keeps nothing. */
export class ChunkedBody {
  /** Bytes of content, without sizes and trailers. */
  bodyBytes = 0;
  #state: State = 'size';
  #size = 0;
  #digits = 0;
  #line = 0;
  #trailers = 0;

  get done(): boolean {
    return this.#state === 'done';
  }

  get error(): Failure | null {
    return this.#state === 'bad_chunk' || this.#state === 'header_overflow' ? this.#state : null;
  }

  reset(): void {
    this.bodyBytes = 0;
    this.#trailers = 0;
    this.#startSize();
    this.#state = 'size';
  }

  /** Takes bytes `[at, end)` until the body ends or breaks; returns the place of the first byte not taken. */
  push(bytes: Buffer, at: number, end: number): number {
    let place = at;
    while (place < end && !this.done && this.error === null) {
      if (this.#state === 'data') place += this.#takeData(end - place);
      else this.#state = this.#after(bytes[place++] ?? 0);
    }
    return place;
  }

  #takeData(available: number): number {
    const taken = Math.min(available, this.#size);
    this.bodyBytes += taken;
    this.#size -= taken;
    if (this.#size === 0) this.#state = 'data-cr';
    return taken;
  }

  #after(byte: number): State {
    switch (this.#state) {
      case 'size':
      case 'extension':
        return this.#takeSize(byte);
      case 'size-lf':
        this.#line = 0;
        return expect(byte, LF, this.#size === 0 ? 'trailer' : 'data');
      case 'data-cr':
        return expect(byte, CR, 'data-lf');
      case 'data-lf':
        this.#startSize();
        return expect(byte, LF, 'size');
      case 'trailer':
        return this.#takeTrailer(byte);
      case 'trailer-lf':
        this.#line = 0;
        return expect(byte, LF, 'trailer');
      case 'last-lf':
        return expect(byte, LF, 'done');
      default:
        return this.#state;
    }
  }

  #startSize(): void {
    this.#size = 0;
    this.#digits = 0;
    this.#line = 0;
  }

  #takeSize(byte: number): State {
    if (++this.#line > MAX_SIZE_LINE || byte === LF) return 'bad_chunk';
    if (byte === CR) return this.#digits > 0 ? 'size-lf' : 'bad_chunk';
    return this.#state === 'extension' ? 'extension' : this.#takeDigit(byte);
  }

  #takeDigit(byte: number): State {
    const value = hexValue(byte);
    // After the digits: `;` starts an extension, blanks before it are tolerated (RFC 9112 §7.1.1).
    if (value < 0)
      return this.#digits > 0 && (byte === 59 || byte === 32 || byte === 9) ? 'extension' : 'bad_chunk';
    this.#digits++;
    this.#size = this.#size * 16 + value;
    return this.#size > Number.MAX_SAFE_INTEGER ? 'bad_chunk' : 'size';
  }

  #takeTrailer(byte: number): State {
    if (++this.#trailers > MAX_TRAILERS) return 'header_overflow';
    if (byte === CR) return this.#line === 0 ? 'last-lf' : 'trailer-lf';
    this.#line++;
    return 'trailer';
  }
}

function expect(byte: number, wanted: number, next: State): State {
  return byte === wanted ? next : 'bad_chunk';
}

function hexValue(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
