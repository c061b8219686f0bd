/** A request as bytes, and what has to become of it. */
export interface RawRequest {
  name: string;
  bytes: Buffer;
  /** Of the first answer. */
  status: 200 | 400;
  /** Paths the application sees; the second request, which hides in the first, never is among them. */
  seen: readonly string[];
}

const HOST = 'Host: localhost\r\n';

interface Written {
  start?: string;
  headers: string;
  body?: string | Buffer;
}

// Behind the body, or in it, stands a whole request: whoever ends the first one elsewhere takes it for the next.
function hidden(name: string): string {
  return `GET /hidden/${name} HTTP/1.1\r\n${HOST}\r\n`;
}

function bytesOf({ start, headers, body = '' }: Written, name: string): Buffer {
  const head = `${start ?? `POST /seen/${name} HTTP/1.1`}\r\n${headers}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]);
}

const refused = (name: string, written: (name: string) => Written): RawRequest => {
  return { name, bytes: bytesOf(written(name), name), status: 400, seen: [] };
};
const served = (name: string, written: (name: string) => Written, seen = [`/seen/${name}`]): RawRequest => {
  return { name, bytes: bytesOf(written(name), name), status: 200, seen };
};
const chunks = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n0\r\n\r\n`;

// A body that one length calls empty and the other calls a request.
const twoLengths = (te: string, cl: string, order: 'te' | 'cl' = 'cl') => {
  return (name: string): Written => {
    const lengths = order === 'cl' ? `${cl}\r\n${te}\r\n` : `${te}\r\n${cl}\r\n`;
    return { headers: `${HOST}${lengths}`, body: `0\r\n\r\n${hidden(name)}` };
  };
};
const coding = (header: string) => {
  return (name: string): Written => ({ headers: `${HOST}${header}\r\n`, body: chunks(hidden(name)) });
};
const length = (...headers: string[]) => {
  return (name: string): Written => ({
    headers: `${HOST}${headers.map((header) => `${header}\r\n`).join('')}`,
    body: hidden(name),
  });
};
const chunked = (body: (name: string) => string) => {
  return (name: string): Written => ({ headers: `${HOST}Transfer-Encoding: chunked\r\n`, body: body(name) });
};
const TE = 'Transfer-Encoding: chunked';

/** Requests whose end, host or form is in doubt: the corpus of request smuggling. */
export const REFUSED: readonly RawRequest[] = [
  refused('cl-and-te', twoLengths(TE, 'Content-Length: 6')),
  refused('te-and-cl', twoLengths(TE, 'Content-Length: 6', 'te')),
  refused('cl-zero-and-te', twoLengths(TE, 'Content-Length: 0')),
  refused('te-lower-and-cl', twoLengths('transfer-encoding: CHUNKED', 'content-length: 6')),
  refused('te-twice', coding(`${TE}\r\n${TE}`)),
  refused('te-chunked-then-identity', coding(`${TE}\r\nTransfer-Encoding: identity`)),
  refused('te-identity-then-chunked', coding(`Transfer-Encoding: identity\r\n${TE}`)),
  refused('te-identity', coding('Transfer-Encoding: identity')),
  refused('te-list', coding('Transfer-Encoding: gzip, chunked')),
  refused('te-list-of-same', coding('Transfer-Encoding: chunked, chunked')),
  refused('te-unknown', coding('Transfer-Encoding: xchunked')),
  refused('te-empty', coding('Transfer-Encoding:')),
  refused('te-quoted', coding('Transfer-Encoding: "chunked"')),
  refused('te-parameter', coding('Transfer-Encoding: chunked;a=b')),
  refused('te-vertical-tab', coding('Transfer-Encoding: \x0bchunked')),
  refused('te-tab-before', coding('Transfer-Encoding: \tchunked')),
  refused('te-space-before-colon', coding('Transfer-Encoding : chunked')),
  refused('te-tab-before-colon', coding('Transfer-Encoding\t: chunked')),
  refused('te-folded', coding('Transfer-Encoding:\r\n chunked')),
  refused('te-in-folded-header', coding('X-Other: a\r\n Transfer-Encoding: chunked')),
  refused('te-null', coding('Transfer-Encoding: chunked\0')),
  refused('te-http-1.0', (name) => ({
    start: `POST /seen/${name} HTTP/1.0`,
    headers: `${HOST}${TE}\r\n`,
    body: chunks(hidden(name)),
  })),
  refused('cl-twice', length('Content-Length: 5', 'Content-Length: 5')),
  refused('cl-differing', length('Content-Length: 5', 'Content-Length: 0')),
  refused('cl-list', length('Content-Length: 0, 0')),
  refused('cl-plus', length('Content-Length: +0')),
  refused('cl-minus', length('Content-Length: -1')),
  refused('cl-hexadecimal', length('Content-Length: 0x0')),
  refused('cl-space-within', length('Content-Length: 0 0')),
  refused('cl-empty', length('Content-Length:')),
  refused('cl-fraction', length('Content-Length: 0.0')),
  refused('cl-too-large', length('Content-Length: 99999999999999999999')),
  refused('cl-wraps-around', length('Content-Length: 18446744073709551616')),
  refused('cl-space-before-colon', length('Content-Length : 0')),
  refused('cl-null', length('Content-Length: 0\0')),
  refused(
    'chunk-size-overflow',
    chunked((name) => `10000000000000000\r\n${hidden(name)}`),
  ),
  refused(
    'chunk-size-minus',
    chunked((name) => `-1\r\n${hidden(name)}`),
  ),
  refused(
    'chunk-size-prefix',
    chunked((name) => `0x0\r\n\r\n${hidden(name)}`),
  ),
  refused(
    'chunk-size-empty',
    chunked((name) => `\r\n${hidden(name)}`),
  ),
  refused(
    'chunk-without-end',
    chunked((name) => `1\r\naa\r\n0\r\n\r\n${hidden(name)}`),
  ),
  refused('host-twice', () => ({ headers: `${HOST}Host: other.example\r\n` })),
  refused('host-missing', () => ({ headers: 'X-Other: a\r\n' })),
  refused('host-with-path', () => ({ headers: 'Host: localhost/../x\r\n' })),
  refused('null-in-name', () => ({ headers: `${HOST}X-\0Other: a\r\n` })),
  refused('line-without-colon', (name) => ({
    headers: `${HOST}GET /hidden/${name} HTTP/1.1\r\n`,
  })),
];

/** Odd, and clear to everybody. */
export const SERVED: readonly RawRequest[] = [
  served('chunk-extension', (name) => ({
    headers: `${HOST}${TE}\r\n`,
    body: `5;name="a;b"\r\nhello\r\n0;x\r\n\r\n`,
    start: `POST /seen/${name} HTTP/1.1`,
  })),
  served(
    'trailer-with-length',
    chunked(() => '5\r\nhello\r\n0\r\nContent-Length: 50\r\nHost: other.example\r\n\r\n'),
  ),
  served('bare-line-feed', (name) => ({ start: `GET /seen/${name} HTTP/1.1\nX-Other: a`, headers: HOST })),
];

/**
 * Field names with an underscore are names like others, and neither the length nor the coding: nginx drops them, and
 * what stands behind the headers is a request of its own, for every reader of HTTP.
 */
export const DROPPED: readonly RawRequest[] = ['Content_Length: 60', 'Transfer_Encoding: chunked'].map(
  (header) => {
    const name = header.slice(0, header.indexOf(':')).toLowerCase();
    const next = `GET /seen/${name}-next HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;
    return served(name, () => ({ headers: `${HOST}${header}\r\n`, body: next }), [
      `/seen/${name}`,
      `/seen/${name}-next`,
    ]);
  },
);
