// The tutorial's application in versions, and the ways a release can be broken.

/** Answers its version after `sleep` s. */
export const versioned = (version, sleep = 0.2) => `import time
from flask import Flask
app = Flask(__name__)
@app.route("/")
def hello():
    time.sleep(${sleep})
    return "${version}\\n"
`;

/** Kind, the module, a release command or null, and what the error must say. */
export const BROKEN = [
  {
    kind: 'import error',
    app: `import nowhere_to_be_found\n${versioned('x')}`,
    command: null,
    says: /nowhere_to_be_found/,
  },
  {
    kind: 'never healthy',
    app: versioned('x').replace('return', 'raise ValueError("sick")\n    return'),
    command: null,
    says: /ValueError: sick/,
  },
  {
    kind: 'crash after 2 s',
    app: `${versioned('x')}\nimport os, threading\nthreading.Timer(2, os._exit, [3]).start()\n`,
    command: null,
    says: /ended right after|did not start/,
  },
  {
    kind: 'wrong callable',
    app: versioned('x').replaceAll('app', 'application'),
    command: null,
    says: /no callable "app"/,
  },
  {
    kind: 'failing migration',
    app: versioned('m'),
    command: 'echo no such table >&2; exit 3',
    says: /no such table/,
  },
];
