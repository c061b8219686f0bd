import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';

/** A way to a unix socket over TCP that opens only to those with a certificate of its authority. */
export interface TlsDoor {
  port: number;
  /** Folder of ca.pem, cert.pem and key.pem of one who may. */
  certificates: string;
  close(): void;
}

/** Opens one, as an engine that listens with --tlsverify does. */
export async function openTlsDoor(folder: string, socketPath: string): Promise<TlsDoor> {
  mkdirSync(folder, { recursive: true });
  const file = (name: string): string => path.join(folder, name);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
  const key = (name: string): string[] => [
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    file(name),
    '-days',
    '2',
  ];
  openssl('req', '-x509', ...key('ca-key.pem'), '-subj', '/CN=authority', '-out', file('ca.pem'));
  const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca-key.pem')];
  const alt = ['-addext', 'subjectAltName=IP:127.0.0.1', '-subj', '/CN=engine'];
  openssl('req', '-x509', ...key('server-key.pem'), ...signed, ...alt, '-out', file('server.pem'));
  openssl('req', '-x509', ...key('key.pem'), ...signed, '-subj', '/CN=client', '-out', file('cert.pem'));
  const [ca, cert, own] = ['ca.pem', 'server.pem', 'server-key.pem'].map((name) => readFileSync(file(name)));
  const options = { ca, cert, key: own, requestCert: true, rejectUnauthorized: true, allowHalfOpen: true };
  const server = tls.createServer(options, (client) => {
    const engine = net.connect({ path: socketPath, allowHalfOpen: true });
    client.pipe(engine).pipe(client);
    for (const one of [client, engine]) one.on('error', () => [client, engine].map((each) => each.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    certificates: folder,
    close: () => void server.close(),
  };
}
