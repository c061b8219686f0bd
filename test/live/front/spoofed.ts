/** Headers that tell of a client what only a proxy can know; anybody can send them. */
export const SPOOFED = {
  host: 'example.org:81',
  forwarded: 'for=198.51.100.7;host=evil.example;proto=https',
  'x-forwarded-for': '198.51.100.7',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-port': '198',
  'x-forwarded-prefix': '/evil',
  'x-forwarded-ssl': 'on',
  'x-real-ip': '198.51.100.7',
  x_real_ip: '198.51.100.7',
  'x-request-id': 'evil',
  'x-script-name': '/evil',
};
