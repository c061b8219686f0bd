// `node slow-server.mjs PORT DELAY_MS`: answers every request after the delay.
import { createServer } from 'node:http';

const [port, delayMs] = process.argv.slice(2).map(Number);
createServer((_, response) => setTimeout(() => response.end('ok'), delayMs)).listen(port, '127.0.0.1');
