// What `npm test`, `npm run demo` and `npm run build` need inside the project: dependencies and a current build.
// Plain JavaScript without imports from node_modules: it runs on a fresh checkout.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Runs a command in the project; its output goes to stderr, so that stdout stays the caller's. */
export function run(argv, options = {}) {
  const [command, ...args] = argv;
  const result = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2], ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/** `npm ci` when the lock file is newer than what is installed. */
export function installDependencies() {
  const installed = path.join(ROOT, 'node_modules/.package-lock.json');
  const lock = path.join(ROOT, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  must(['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Compiles src/ to dist/; a build that is current costs a second. */
export function build() {
  must([process.execPath, 'node_modules/typescript/bin/tsc', '-p', 'src/tsconfig.json']);
  chmodSync(path.join(ROOT, 'dist/cli.js'), 0o755);
}

function must(argv) {
  const status = run(argv);
  if (status === 0) return;
  process.stderr.write(`failed (${status}): ${argv.join(' ')}\n`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  installDependencies();
  build();
}
