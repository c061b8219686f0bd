import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HeadCache } from '../../src/bench/head-reader.js';
import { ResponseParser } from '../../src/bench/response-parser.js';
import { FRAMINGS } from './framings.js';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

function emptyCache(): HeadCache {
  return { bytes: Buffer.alloc(0), head: null };
}

function parse(
  bytes: Buffer,
  cuts: readonly number[] = [],
  options = { isHead: false, cache: emptyCache() },
) {
  const parser = new ResponseParser(options.isHead, options.cache);
  let from = 0;
  for (const to of [...new Set(cuts)].filter((cut) => cut < bytes.length).sort((a, b) => a - b)) {
    push(parser, bytes.subarray(from, to));
    from = to;
  }
  push(parser, bytes.subarray(from));
  const doneBeforeEof = parser.done;
  parser.eof();
  const { status, bodyBytes, done, error } = parser;
  return { status, bodyBytes, done, error, doneBeforeEof };
}

/** As the engine does it: a large buffer whose beginning holds the piece. */
function push(parser: ResponseParser, piece: Buffer): void {
  const buffer = Buffer.alloc(piece.length + 16, 'z');
  piece.copy(buffer);
  parser.push(buffer, piece.length);
}

describe('right answers', () => {
  test.each(FRAMINGS)('$name', ({ bytes, status, body, method }) => {
    const result = parse(Buffer.from(bytes), [], { isHead: method === 'HEAD', cache: emptyCache() });
    expect(result).toMatchObject({ status, bodyBytes: body.length, done: true, error: null });
  });

  test.each([
    ['304 with a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', 0],
    ['the same length twice', `${OK}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`, 2],
    ['a list of the same length', `${OK}Content-Length: 2, 2\r\n\r\nok`, 2],
    ['chunked beats the length', `${CHUNKED.slice(0, -2)}Content-Length: 99\r\n\r\n2\r\nok\r\n0\r\n\r\n`, 2],
    ['gzip, chunked', `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`, 2],
    ['an encoding without chunked ends with EOF', `${OK}Transfer-Encoding: gzip\r\n\r\nabc`, 3],
    ['a line without colon is skipped', `${OK}nonsense\r\nContent-Length: 2\r\n\r\nok`, 2],
  ])('%s', (_, bytes, bodyBytes) => {
    expect(parse(Buffer.from(bytes))).toMatchObject({ bodyBytes, done: true, error: null });
  });

  test.each([
    ['HTTP/1.1', `${OK}Content-Length: 0\r\n\r\n`, true],
    ['HTTP/1.1 close', `${OK}Connection: foo, Close\r\nContent-Length: 0\r\n\r\n`, false],
    ['HTTP/1.1 until EOF', `${OK}\r\n`, false],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', false],
    ['HTTP/1.0 keep-alive', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n', true],
    ['HTTP/1.0 chunked is faulty framing', `${CHUNKED.replace('1.1', '1.0')}0\r\n\r\n`, false],
  ])('reusable: %s', (_, bytes, reusable) => {
    const parser = new ResponseParser(false, emptyCache());
    push(parser, Buffer.from(bytes));
    expect(parser.reusable).toBe(reusable);
  });
});

describe('wrong answers', () => {
  test.each([
    ['nothing', '', 'closed_before_response'],
    ['1xx only', 'HTTP/1.1 100 Continue\r\n\r\n', 'closed_before_response'],
    ['half a header', `${OK}Content-Le`, 'truncated_header'],
    ['another protocol', 'SSH-2.0-OpenSSH\r\n', 'bad_status_line'],
    ['HTTP/2', 'HTTP/2 200\r\n\r\n', 'bad_status_line'],
    ['a status of letters', 'HTTP/1.1 2x0 OK\r\n\r\n', 'bad_status_line'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n', 'bad_status_line'],
    ['a short body', `${OK}Content-Length: 9\r\n\r\nabc`, 'short_body'],
    ['a chunked body cut off', `${CHUNKED}5\r\nhel`, 'short_body'],
    ['no last chunk', `${CHUNKED}5\r\nhello\r\n`, 'short_body'],
    ['a longer body', `${OK}Content-Length: 2\r\n\r\nabc`, 'extra_bytes'],
    ['bytes after the last chunk', `${CHUNKED}0\r\n\r\nx`, 'extra_bytes'],
    ['a body after 204', 'HTTP/1.1 204 No Content\r\n\r\nx', 'extra_bytes'],
    ['a length of letters', `${OK}Content-Length: abc\r\n\r\n`, 'bad_content_length'],
    ['a negative length', `${OK}Content-Length: -1\r\n\r\n`, 'bad_content_length'],
    ['two lengths', `${OK}Content-Length: 1\r\nContent-Length: 2\r\n\r\na`, 'bad_content_length'],
    ['a chunk size of letters', `${CHUNKED}zz\r\n`, 'bad_chunk'],
    ['an empty chunk size', `${CHUNKED}\r\nabc`, 'bad_chunk'],
    ['a chunk longer than its size', `${CHUNKED}2\r\nabc\r\n`, 'bad_chunk'],
    ['a chunk whose line end is broken', `${CHUNKED}2\r\nab\rX`, 'bad_chunk'],
    ['a size whose line end is broken', `${CHUNKED}2\rXab\r\n`, 'bad_chunk'],
    ['a trailer whose line end is broken', `${CHUNKED}0\r\nA: b\rX`, 'bad_chunk'],
    ['a last line end that is broken', `${CHUNKED}0\r\n\rX`, 'bad_chunk'],
    ['an enormous chunk', `${CHUNKED}ffffffffffffffff\r\n`, 'bad_chunk'],
    ['an endless size line', `${CHUNKED}1;${'x'.repeat(5000)}`, 'bad_chunk'],
    ['an endless header', `${OK}X: ${'x'.repeat(40_000)}`, 'header_overflow'],
    ['a header too long', `${OK}X: ${'x'.repeat(40_000)}\r\n\r\n`, 'header_overflow'],
    ['endless trailers', `${CHUNKED}0\r\nX: ${'x'.repeat(40_000)}`, 'header_overflow'],
  ])('%s', (_, bytes, error) => {
    expect(parse(Buffer.from(bytes))).toMatchObject({ done: true, error });
  });
});

describe('cut anywhere', () => {
  const response = fc.oneof(
    fc.constantFrom(...FRAMINGS.map(({ bytes }) => bytes)),
    fc
      .tuple(fc.constantFrom(...FRAMINGS.map(({ bytes }) => bytes)), fc.string({ maxLength: 9 }))
      .map((parts) => parts.join('')),
    fc.array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 6 }).map(chunked),
  );
  const cuts = fc.array(fc.nat(400), { maxLength: 12 });

  test('the result does not depend on where the bytes are cut', () => {
    fc.assert(
      fc.property(response, cuts, (text, places) => {
        const bytes = Buffer.from(text, 'latin1');
        expect(parse(bytes, places)).toEqual(parse(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  test('nor on what the head cache holds', () => {
    fc.assert(
      fc.property(response, response, cuts, (before, text, places) => {
        const cache = emptyCache();
        parse(Buffer.from(before, 'latin1'), [], { isHead: false, cache });
        const bytes = Buffer.from(text, 'latin1');
        expect(parse(bytes, places, { isHead: false, cache })).toEqual(parse(bytes));
      }),
    );
  });

  test('byte by byte, also around the header limit', () => {
    for (const length of [32_740, 32_768, 32_772, 32_780]) {
      const bytes = Buffer.from(`${OK}X: ${'x'.repeat(length - OK.length - 7)}\r\n\r\n`);
      expect(bytes.length).toBe(length);
      const everywhere = Array.from({ length }, (_, i) => i);
      expect(parse(bytes, everywhere)).toEqual(parse(bytes));
    }
  });

  test('mutated answers neither throw nor stay open', () => {
    const mutation = fc.record({
      at: fc.nat(300),
      byte: fc.nat(255),
      kind: fc.constantFrom('set', 'insert', 'cut'),
    });
    fc.assert(
      fc.property(response, fc.array(mutation, { maxLength: 4 }), cuts, (text, mutations, places) => {
        const bytes = mutations.reduce(mutate, Buffer.from(text, 'latin1'));
        const result = parse(bytes, places);
        expect(result.done).toBe(true);
        expect(result).toEqual(parse(bytes));
      }),
      { numRuns: 3000 },
    );
  });
});

function chunked(parts: string[]): string {
  const chunks = parts.map((part) => `${Buffer.byteLength(part, 'latin1').toString(16)}\r\n${part}\r\n`);
  return `${CHUNKED}${chunks.join('')}0\r\n\r\n`;
}

function mutate(bytes: Buffer, { at, byte, kind }: { at: number; byte: number; kind: string }): Buffer {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  if (kind === 'cut') return bytes.subarray(0, place);
  const after = kind === 'set' ? place + 1 : place;
  return Buffer.concat([bytes.subarray(0, place), Buffer.from([byte]), bytes.subarray(after)]);
}
