import path from 'node:path';
import type { DjangoFacts } from './detect/django-settings.js';
import { formatKeyPath } from './key-path.js';
import { schemaLeaves } from './schema-node.js';
import type { Settings } from './settings.js';
import type { CallableFinding, Detection, Finding, Origin, Origins, Project } from './types.js';

interface Parts {
  dir: string;
  file: string | null;
  settings: Settings;
  detection: Detection;
  /** Null when the module was written and the search did not meet it. */
  callable: CallableFinding | null;
  /** Of the framework's own settings. */
  served: Pick<DjangoFacts, 'host' | 'static'>;
}

/** The project, and the origin of each of its values. */
export function assemble({ dir, file, settings, detection, callable, served }: Parts): {
  project: Project;
  origins: Origins;
} {
  const { app, server, image, front, bench, target } = settings.value;
  const [module = '', name = ''] = (app.module ?? callable?.value ?? '').split(':');
  const writtenDir = settings.written.has('app.dir');
  const project: Project = {
    dir,
    file,
    name: settings.value.name ?? detection.name.value,
    app: {
      ...app,
      host: served.host?.value ?? app.host,
      dir: path.posix.normalize(writtenDir ? app.dir : (callable?.dir ?? app.dir)).replace(/(.)\/$/, '$1'),
      module,
      callable: name,
      python: app.python ?? detection.python?.value ?? null,
      requirements: detection.requirements.value,
      framework: callable?.framework ?? detection.framework?.value ?? null,
    },
    server: served.static ? { ...server, static: served.static.value } : server,
    image,
    front,
    bench,
    target,
  };
  return { project, origins: originsOf(settings, findingsOf(detection, callable, served)) };
}

// What detection fills in where nothing is written.
function findingsOf(
  detection: Detection,
  callable: CallableFinding | null,
  served: Parts['served'],
): Map<string, Finding<unknown> | null> {
  const movesDir = callable !== null && callable.dir !== '.';
  return new Map<string, Finding<unknown> | null>([
    ['name', detection.name],
    ['app.module', callable],
    ['app.dir', movesDir ? callable : null],
    ['app.python', detection.python],
    ['app.requirements', detection.requirements],
    ['app.host', served.host],
    ['server.static', served.static],
  ]);
}

function originsOf({ written }: Settings, findings: Map<string, Finding<unknown> | null>): Origins {
  const origins: [string, Origin][] = [...written].map(([key, { origin }]) => [key, origin]);
  for (const { path: place, node } of schemaLeaves()) {
    const key = formatKeyPath(place);
    if (written.has(key) || [...written.keys()].some((each) => each.startsWith(`${key}.`))) continue;
    const finding = findings.get(key);
    const unset = node.default === undefined ? 'not set' : 'default';
    origins.push([
      key,
      finding ? { kind: 'detection', detail: evidence(finding) } : { kind: 'default', detail: unset },
    ]);
  }
  return Object.fromEntries(origins.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function evidence({ why, file, line }: Finding<unknown>): string {
  return file === undefined || line === undefined ? why : `${file}:${line}: ${why}`;
}
