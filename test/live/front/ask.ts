import http from 'node:http';

interface Answer {
  status: number;
  body: string;
}

/** One request on a connection of its own; the target goes out as it is written here. */
export function ask(
  port: number,
  target: string,
  headers: Record<string, string> = {},
  body?: Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = body ? 'POST' : 'GET';
    const options = { host: '127.0.0.1', port, path: target, method, headers, agent: false };
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** A form with one file. */
export function formOf(file: Buffer): { headers: Record<string, string>; body: Buffer } {
  const disposition = 'Content-Disposition: form-data; name="file"; filename="large"';
  const body = Buffer.concat([
    Buffer.from(`--b\r\n${disposition}\r\n\r\n`),
    file,
    Buffer.from('\r\n--b--\r\n'),
  ]);
  return {
    headers: {
      'content-type': 'multipart/form-data; boundary=b',
      'content-length': String(body.length),
    },
    body,
  };
}
