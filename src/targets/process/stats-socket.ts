import net from 'node:net';
import { type StatsSummary, summarizeStats } from '../../uwsgi/stats.js';

const LIMIT_MS = 4000;

/** Reads the stats document from uWSGI's unix socket; null when nobody answers there (yet). */
export async function readStatsSocket(file: string): Promise<StatsSummary | null> {
  const text = await new Promise<string | null>((resolve) => {
    const chunks: Buffer[] = [];
    const socket = net.connect(file);
    socket.setTimeout(LIMIT_MS, () => socket.destroy());
    socket.on('data', (chunk) => chunks.push(chunk));
    // A refused or missing socket is the ordinary answer while the server starts or after it stopped.
    socket.on('error', () => resolve(null));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
  return text ? summarizeStats(text) : null;
}
