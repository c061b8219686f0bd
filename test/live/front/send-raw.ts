import net from 'node:net';

const QUIET_MS = 400;
const LONGEST_MS = 5000;

/** Sends bytes on a connection of their own; the statuses of all answers, until it is closed or nothing comes any more. */
export function sendRaw(port: number, bytes: Buffer): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setTimeout(LONGEST_MS, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      socket.setTimeout(QUIET_MS);
    });
    // A refused request may leave bytes unread: the reset that follows the answer is no failure.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => {
      resolve([...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status)));
    });
  });
}
