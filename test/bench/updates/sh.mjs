import { spawn } from 'node:child_process';

/** Runs a program without holding up the load; what it printed, trimmed. */
export async function sh(argv, { env = {}, ok = [0] } = {}) {
  const child = spawn(argv[0], argv.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const code = await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  if (!ok.includes(code)) throw new Error(`${argv.join(' ')} ended with ${code}\n${stderr}`);
  return stdout.trim();
}

export const docker = (...argv) => sh(['docker', ...argv]);

/** The value of a check as soon as it is not null, asked once a second; null when the time is over. */
export async function eachSecond(seconds, check) {
  for (let i = 0; i <= seconds; i++) {
    const value = await check();
    if (value !== null) return value;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return null;
}
