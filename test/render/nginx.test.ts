import { describe, expect, it } from 'vitest';
import { loadTemplate } from '../../src/host/templates.js';
import { renderUpstream } from '../../src/render/nginx.js';
import { nginxText, nginxWord } from '../../src/render/quote.js';

describe('nginx', () => {
  it('an upstream lists sockets and addresses', () => {
    const text = renderUpstream('shop', ['/run/shop/a.sock', '10.0.0.7:8001', '[::1]:8001'], loadTemplate);
    expect(text).toContain('upstream deploykit-shop {');
    expect(text).toContain('server "unix:/run/shop/a.sock" max_fails=0;');
    expect(text).toContain('server "10.0.0.7:8001" max_fails=0;');
    expect(text).toContain('server "[::1]:8001" max_fails=0;');
  });

  it('a value is one quoted parameter', () => {
    expect(nginxWord('a "b" \\ ; } $x')).toBe(String.raw`"a \"b\" \\ ; } $x"`);
  });

  it.each(['a\nb', 'a\rb', 'a\0b', 'a\u001bb', 'x'.repeat(10_000)])('%j is refused', (value) => {
    expect(() => nginxWord(value)).toThrow(expect.objectContaining({ code: 'DK_RENDER_VALUE' }));
  });

  it('a dollar sign is refused where nginx would expand it', () => {
    expect(() => nginxText('/srv/$host')).toThrow(expect.objectContaining({ code: 'DK_RENDER_VALUE' }));
  });
});
