import { z } from 'zod';
import { parseToml } from '../../toml.js';
import { condition, type LockEntry, type LockInput, lockError, type Origin, shaped } from './lock-file.js';
import { type Edge, type Node, plainEdge, reach } from './lock-graph.js';

const need = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  extra: z.array(z.string()).default([]),
  marker: z.string().optional(),
});
const groups = z.record(z.string(), z.array(need)).default({});
const artefact = z.looseObject({ hash: z.string().optional(), url: z.string().default('') });
const uvPackage = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  source: z.looseObject({
    registry: z.string().optional(),
    git: z.string().optional(),
    url: z.string().optional(),
    path: z.string().optional(),
    directory: z.string().optional(),
    editable: z.string().optional(),
    virtual: z.string().optional(),
  }),
  dependencies: z.array(need).default([]),
  'optional-dependencies': groups,
  'dev-dependencies': groups,
  sdist: artefact.optional(),
  wheels: z.array(artefact).default([]),
});
const uvLock = z.looseObject({ version: z.literal(1), package: z.array(uvPackage).default([]) });

type UvPackage = z.output<typeof uvPackage>;

/** Reads uv.lock (its version 1): what the project in this folder needs, without its development groups. */
export function readUvLock(input: LockInput): LockEntry[] {
  const lock = shaped(
    uvLock,
    parseToml(input.text, input.file, input.label, 'DK_DETECT_REQUIREMENTS'),
    input,
  );
  const edgeOf = (each: z.output<typeof need>): Edge => ({
    name: each.name,
    accepts: (version) => each.version === undefined || version === each.version,
    extras: each.extra,
    // Of two extras that exclude each other uv writes which one an edge belongs to; none is asked for here.
    when: () => condition(each.marker, input, (left) => (left === 'extra' ? false : null)),
  });
  const nodes = lock.package.map((each) => nodeOf(each, edgeOf));
  const root = nodes.find(({ own: { source } }) =>
    [source.virtual, source.editable, source.directory].includes('.'),
  );
  if (!root) throw lockError(input, 'it has no package for this folder');
  const chosen = input.groups.flatMap((group) => root.own['dev-dependencies'][group] ?? []).map(edgeOf);
  const known = Object.keys(root.own['optional-dependencies']);
  const extras = input.groups.filter((group) => known.includes(group));
  const reached = reach(nodes, [plainEdge(root.name, extras), ...chosen]);
  return nodes.flatMap((node) => {
    const when = reached.when.get(node);
    if (!when) return [];
    const { sdist, wheels } = node.own;
    const hashes = [...(sdist ? [sdist] : []), ...wheels].flatMap(({ hash }) => (hash ? [hash] : []));
    return [
      {
        name: node.name,
        version: node.version,
        when,
        hashes,
        files: wheels.map(({ url }) => url),
        origin: originOf(node.own),
      },
    ];
  });
}

interface UvNode extends Node {
  own: UvPackage;
}

function nodeOf(own: UvPackage, edgeOf: (each: z.output<typeof need>) => Edge): UvNode {
  const optional = Object.entries(own['optional-dependencies']).flatMap(([extra, needs]) =>
    needs.map(edgeOf).map((edge): Edge => {
      return { ...edge, when: (asked) => (asked.has(extra) ? edge.when(asked) : []) };
    }),
  );
  return {
    own,
    name: own.name,
    version: own.version ?? null,
    needs: [...own.dependencies.map(edgeOf), ...optional],
  };
}

function originOf({ name, source }: UvPackage): Origin {
  if (source.registry !== undefined) return { kind: 'index', url: source.registry };
  if (source.url !== undefined) return { kind: 'archive', text: `${name} @ ${source.url}` };
  if (source.git !== undefined) return { kind: 'direct', text: `${name} @ git+${pinned(source.git)}` };
  const folder = source.path ?? source.directory ?? source.editable;
  // A virtual member of a workspace is only a list.
  if (folder === undefined || folder === '.') return { kind: 'none' };
  return { kind: 'direct', text: folder.startsWith('.') ? folder : `./${folder}` };
}

// `https://host/repo?branch=main&subdirectory=x#commit` is `https://host/repo@commit#subdirectory=x` for pip.
function pinned(git: string): string {
  const [address = '', commit] = git.split('#');
  const [url = '', query = ''] = address.split('?');
  const folder = new URLSearchParams(query).get('subdirectory');
  return `${url}${commit ? `@${commit}` : ''}${folder ? `#subdirectory=${folder}` : ''}`;
}
