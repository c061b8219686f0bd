import { closest } from '../closest.js';
import { OPTION_NAMES } from '../uwsgi/options.js';
import { formatKeyPath, type KeyPath } from './key-path.js';
import { schemaAt, schemaLeaves } from './schema-node.js';

// What other servers and uWSGI itself call these things.
const FAMILIAR: Record<string, string> = {
  workers: 'server.processes',
  gevent: 'server.async',
  greenlets: 'server.async',
  harakiri: 'server.request_timeout',
  timeout: 'server.request_timeout',
  backlog: 'server.listen',
  address: 'server.bind',
  callable: 'app.module',
  wsgi: 'app.module',
  chdir: 'app.dir',
  environment: 'app.env',
  python_version: 'app.python',
  healthcheck: 'app.health',
};

/** A sentence that leads from a key deploykit does not know to the one that was meant. */
export function suggestKey(section: KeyPath, key: string): string {
  const own = keysOf(section);
  const places = allPlaces();
  const elsewhere = places.find((place) => place.key === key);
  if (elsewhere) return `"${key}" belongs ${whereIs(elsewhere.section)}.`;
  const familiar = Object.hasOwn(FAMILIAR, key) ? FAMILIAR[key]?.split('.') : undefined;
  if (familiar) return `deploykit calls it "${familiar[1]}", in [${familiar[0]}].`;
  const respelled = own.find((each) => each === key.replaceAll('-', '_'));
  // A name that uWSGI has is meant, also where one of deploykit's looks like it.
  if (!respelled && OPTION_NAMES.has(key)) return "uWSGI's own options belong in [server.uwsgi].";
  const near = respelled ?? closest(key, own);
  if (near) return `Did you mean "${near}"?`;
  const nearKey = closest(
    key,
    places.map((place) => place.key),
  );
  const nearPlace = places.find((place) => place.key === nearKey);
  if (nearPlace) return `Did you mean "${nearKey}", ${whereIs(nearPlace.section)}?`;
  return `Known here: ${own.join(', ')}.`;
}

interface Place {
  section: KeyPath;
  key: string;
}

function keysOf(section: KeyPath): string[] {
  return Object.keys(schemaAt(section)?.properties ?? {});
}

function allPlaces(): Place[] {
  const fixed = schemaLeaves().map(({ path }) => ({ section: path.slice(0, -1), key: path.at(-1) ?? '' }));
  const targets = keysOf(['target', 'NAME']).map((key) => ({ section: ['target', 'NAME'], key }));
  const tables = keysOf([]).map((key) => ({ section: [], key }));
  return [...fixed, ...targets, ...tables];
}

function whereIs(section: KeyPath): string {
  return section.length === 0 ? 'at the top of the file' : `in [${formatKeyPath(section)}]`;
}
