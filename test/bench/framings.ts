/** Right answers of every framing (RFC 9112 §6.3): what is sent, and what must be read from it. */
export interface Framing {
  name: string;
  method?: 'GET' | 'HEAD';
  bytes: string;
  status: number;
  body: string;
}

const OK = 'HTTP/1.1 200 OK\r\n';

export const FRAMINGS: Framing[] = [
  { name: 'Content-Length', bytes: `${OK}Content-Length: 5\r\n\r\nhello`, status: 200, body: 'hello' },
  { name: 'Content-Length 0', bytes: `${OK}Content-Length: 0\r\n\r\n`, status: 200, body: '' },
  { name: 'names in any case', bytes: `${OK}cOnTeNt-lEnGtH:5\r\n\r\nhello`, status: 200, body: 'hello' },
  {
    name: 'chunked',
    bytes: `${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n`,
    status: 200,
    body: 'hello',
  },
  {
    name: 'chunked with extension and trailers',
    bytes: `${OK}Transfer-Encoding: Chunked\r\nTrailer: X\r\n\r\nA;q=1\r\n0123456789\r\n0\r\nX: 1\r\nY: 2\r\n\r\n`,
    status: 200,
    body: '0123456789',
  },
  {
    name: 'chunked, empty',
    bytes: `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    status: 200,
    body: '',
  },
  { name: 'until EOF', bytes: `${OK}Content-Type: text/plain\r\n\r\nhello`, status: 200, body: 'hello' },
  { name: 'until EOF, empty', bytes: `${OK}\r\n`, status: 200, body: '' },
  {
    name: 'HTTP/1.0 with length',
    bytes: 'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    status: 200,
    body: 'hello',
  },
  { name: 'HTTP/1.0 until EOF', bytes: 'HTTP/1.0 200 OK\r\n\r\nhello', status: 200, body: 'hello' },
  {
    name: 'no reason phrase',
    bytes: 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok',
    status: 200,
    body: 'ok',
  },
  { name: '204', bytes: 'HTTP/1.1 204 No Content\r\n\r\n', status: 204, body: '' },
  {
    name: '103 before 200',
    bytes: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}Content-Length: 5\r\n\r\nhello`,
    status: 200,
    body: 'hello',
  },
  {
    name: 'HEAD with a length',
    method: 'HEAD',
    bytes: `${OK}Content-Length: 5\r\n\r\n`,
    status: 200,
    body: '',
  },
];
