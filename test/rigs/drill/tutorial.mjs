import { BROKEN, versioned } from './apps.mjs';

/** The tutorial's application in a drill: no state, nothing outside it. */
export function tutorial(sleep = 0.2) {
  return {
    name: 'tutorial',
    toml: { app: 'module = "s1:app"', target: '' },
    command: null,
    env: {},
    /** Requests a second while workers are recycled. */
    recycleRate: 200,
    base: { 'requirements.txt': 'flask\n' },
    release: (version) => ({ 's1.py': versioned(version, sleep) }),
    broken: BROKEN.map(({ app, ...rest }) => ({ ...rest, files: { 's1.py': app } })),
    async start() {},
    async check() {},
    async stop() {},
  };
}
