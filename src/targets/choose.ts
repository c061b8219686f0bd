import { closest } from '../closest.js';
import { DeploykitError } from '../errors.js';
import type { TargetKind } from '../plan/types.js';
import type { Target, TargetContext } from './target.js';

/** The target of a command and why it is that one; `target` is null for a kind that is only rendered. */
export interface TargetChoice {
  name: string;
  kind: TargetKind;
  why: string;
  target: Target | null;
}

const NO_ENGINE: readonly string[] = ['DK_ENGINE_MISSING', 'DK_ENGINE_DENIED'];
const KINDS: readonly TargetKind[] = ['docker', 'process', 'systemd'];

/**
 * The target asked for, by its name in the project file or by kind; else the file's only one; else docker when an
 * engine answers; else process.
 * @throws DeploykitError DK_TARGET_UNKNOWN with the nearest name.
 */
export async function chooseTarget(asked: string | undefined, context: TargetContext): Promise<TargetChoice> {
  const defined = context.project.target;
  const names = Object.keys(defined);
  if (asked !== undefined) {
    const kind = defined[asked]?.kind ?? KINDS.find((known) => known === asked);
    if (!kind) throw unknownTarget(asked, names);
    return make(asked, kind, 'asked for', context);
  }
  const only = names[0];
  if (only !== undefined && names.length === 1) {
    return make(only, defined[only]?.kind ?? 'docker', 'the only one in the project file', context);
  }
  if (names.length > 1) {
    throw new DeploykitError(
      'DK_TARGET_UNKNOWN',
      `the project file has ${names.length} targets and none was named`,
      {
        hint: `Name one: ${names.map((name) => `-t ${name}`).join(', ')}`,
      },
    );
  }
  return byEngine(context);
}

async function byEngine(context: TargetContext): Promise<TargetChoice> {
  const { connectEngine } = await import('./docker/engine.js');
  const { engineAddresses, isElsewhere } = await import('./docker/engine-address.js');
  const wish = { host: context.dockerHost };
  // An engine that is named on another machine is where it shall run, and nowhere else.
  const elsewhere = engineAddresses(wish, process.env).some(isElsewhere);
  try {
    const engine = await connectEngine(wish);
    const { DockerTarget } = await import('./docker/docker-target.js');
    const target = new DockerTarget('docker', context, engine);
    return { name: 'docker', kind: 'docker', why: `a Docker engine answers (${engine.found})`, target };
  } catch (error) {
    if (elsewhere || !(error instanceof DeploykitError) || !NO_ENGINE.includes(error.code)) throw error;
    return make('process', 'process', error.message, context);
  }
}

async function make(
  name: string,
  kind: TargetKind,
  why: string,
  context: TargetContext,
): Promise<TargetChoice> {
  switch (kind) {
    case 'docker': {
      const { DockerTarget } = await import('./docker/docker-target.js');
      return { name, kind, why, target: new DockerTarget(name, context) };
    }
    case 'process': {
      const { ProcessTarget } = await import('./process/process-target.js');
      return { name, kind, why, target: new ProcessTarget(name, context) };
    }
    case 'systemd': {
      // Without hosts there is only something to render.
      if (!context.project.target[name]?.hosts) return { name, kind, why, target: null };
      const { SystemdTarget } = await import('./systemd/systemd-target.js');
      return { name, kind, why, target: new SystemdTarget(name, context) };
    }
  }
}

function unknownTarget(asked: string, names: string[]): DeploykitError {
  const near = closest(asked, [...names, ...KINDS]);
  return new DeploykitError('DK_TARGET_UNKNOWN', `there is no target "${asked}"`, {
    hint: near ? `Did you mean -t ${near}?` : `Targets: ${[...new Set([...names, ...KINDS])].join(', ')}`,
  });
}
