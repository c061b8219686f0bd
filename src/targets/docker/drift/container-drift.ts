import type Docker from 'dockerode';
import type { Drift, DriftKind } from '../../target.js';
import { imageId } from '../base-image.js';
import { planOf } from '../create-options.js';
import { LABEL } from '../labels.js';
import { changedFiles } from './files.js';
import { changedLimits, changedPolicy, lostIsolation } from './limits.js';
import { textDiff } from './text-diff.js';

type Info = Docker.ContainerInspectInfo;

/**
 * How a container is not as it was made.
 * @param wanted what it would be made with today; compared only where it was made with the same.
 */
export async function containerDrift(
  docker: Docker,
  info: Info,
  wanted: Docker.ContainerCreateOptions | null,
  mend: string,
): Promise<Drift[]> {
  const what = info.Name.slice(1);
  const drift = (kind: DriftKind, message: string, diff = ''): Drift => ({ kind, what, message, diff, mend });
  const isSame = wanted !== null && info.Config.Labels?.[LABEL.config] === wanted.Labels?.[LABEL.config];
  const given = isSame ? (wanted.HostConfig ?? {}) : givenLimits(info);
  return [
    ...(given ? changedLimits(info, given).map((text) => drift('limits', text)) : []),
    ...changedPolicy(info).map((text) => drift('policy', text)),
    ...lostIsolation(info).map((text) => drift('isolation', text)),
    ...(isSame ? await environmentDrift(docker, info, wanted.Env ?? [], drift) : []),
    ...(await imageDrift(docker, info, drift)),
    ...networkDrift(info, drift),
    ...(await fileDrift(docker, info, drift)),
  ];
}

type Make = (kind: DriftKind, message: string, diff?: string) => Drift;

// A server keeps the plan it was made with.
function givenLimits(info: Info): Docker.HostConfig | null {
  const container = planOf(info)?.container;
  if (!container) return null;
  return {
    Memory: container.memoryBytes ?? 0,
    NanoCpus: Math.round((container.cpus ?? 0) * 1e9),
    PidsLimit: container.pidsLimit,
  };
}

// Names alone: the values may be secrets.
async function environmentDrift(
  docker: Docker,
  info: Info,
  given: readonly string[],
  drift: Make,
): Promise<Drift[]> {
  const image = await docker.getImage(info.Image).inspect();
  const ours = [...given, ...(image.Config.Env ?? [])];
  const nameOf = (entry: string): string => entry.split('=')[0] ?? '';
  const extra = info.Config.Env.filter((entry) => !ours.includes(entry)).map(nameOf);
  const lost = given.filter((entry) => !info.Config.Env.includes(entry)).map(nameOf);
  return [...new Set([...extra, ...lost])].sort().map((name) => {
    const names = given.map(nameOf);
    const how = !names.includes(name) ? 'was added' : extra.includes(name) ? 'has another value' : 'is gone';
    return drift('environment', `the variable ${name} ${how}`);
  });
}

// A reload would start what the tag names now.
async function imageDrift(docker: Docker, { Image, Config }: Info, drift: Make): Promise<Drift[]> {
  const now = await imageId(docker, Config.Image);
  if (now === Image) return [];
  return [drift('image', `${Config.Image} ${now ? 'names another image now' : 'was removed'}`)];
}

function networkDrift({ NetworkSettings, HostConfig }: Info, drift: Make): Drift[] {
  const own = HostConfig.NetworkMode === 'default' ? 'bridge' : HostConfig.NetworkMode;
  const names = Object.keys(NetworkSettings.Networks);
  return [
    ...names.filter((name) => name !== own).map((name) => drift('network', `it was connected to ${name}`)),
    ...(own && !names.includes(own) ? [drift('network', `it was disconnected from ${own}`)] : []),
  ];
}

async function fileDrift(docker: Docker, info: Info, drift: Make): Promise<Drift[]> {
  const all = await changedFiles(docker, info);
  return Promise.all(
    all.map(async ({ path, change, texts }) =>
      drift(
        'files',
        `${path} was ${change} in it`,
        texts ? await textDiff(path, texts.given, texts.now) : '',
      ),
    ),
  );
}
