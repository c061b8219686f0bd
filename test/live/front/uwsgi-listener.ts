import { once } from 'node:events';
import net from 'node:net';

/**
 * Listens on a free port and answers each request with what nginx sent, as JSON: the variables of the uwsgi
 * protocol (a head of 4 bytes: modifier, length of what follows, modifier; then names and values, each with its length).
 */
export async function listenUwsgi(): Promise<{ server: net.Server; port: number }> {
  const server = net
    .createServer((connection) => {
      let received = Buffer.alloc(0);
      connection.on('data', (chunk) => {
        received = Buffer.concat([received, chunk]);
        if (received.length < 4 || received.length < 4 + received.readUInt16LE(1)) return;
        const body = JSON.stringify(variablesOf(received.subarray(4, 4 + received.readUInt16LE(1))));
        connection.end(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${body}`);
      });
      // nginx may close before it has read everything.
      connection.on('error', () => connection.destroy());
    })
    .listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as net.AddressInfo).port };
}

function variablesOf(block: Buffer): Record<string, string> {
  const texts: string[] = [];
  for (let at = 0; at < block.length; ) {
    const length = block.readUInt16LE(at);
    texts.push(block.subarray(at + 2, at + 2 + length).toString('latin1'));
    at += 2 + length;
  }
  return Object.fromEntries(texts.flatMap((name, i) => (i % 2 === 0 ? [[name, texts[i + 1] ?? '']] : [])));
}
