import { diskFree } from '../../host/limits.js';
import { parseSize } from '../../plan/placement.js';
import type { Project } from '../../project/types.js';
import { checkRow, LEAST_DISK, LEAST_MEMORY, megabytes, portRow } from '../check-row.js';
import type { CheckRow } from '../target.js';
import { imageId } from './base-image.js';
import type { Engine } from './engine.js';
import { certificateRows } from './front/certificate-rows.js';

// The first with BuildKit's mounts and cgroup v2.
const OLDEST = [20, 10] as const;

interface Info {
  MemTotal: number;
  MemoryLimit: boolean;
  CpuCfsQuota: boolean;
  DockerRootDir: string;
  OperatingSystem: string;
}

/** Whether an engine can build and run the deployment; changes nothing. */
export async function checkEngine(
  { docker, found, local }: Engine,
  project: Project,
  target: string,
  ownPort: number | null,
): Promise<CheckRow[]> {
  const { Version, ApiVersion } = await docker.version();
  const info = (await docker.info()) as Info;
  const { base } = project.image;
  const here = await imageId(docker, base);
  return [
    checkRow(
      '',
      'engine',
      isNewEnough(Version),
      `${Version}, API ${ApiVersion} (${found})`,
      `Docker ${OLDEST.join('.')} or newer is needed.`,
    ),
    checkRow('', 'system', true, info.OperatingSystem, ''),
    checkRow(
      '',
      'memory',
      info.MemTotal >= LEAST_MEMORY,
      megabytes(info.MemTotal),
      'At least 256 MB are needed.',
    ),
    ...limitRows(info, project, target),
    checkRow('', 'base image', true, here ? `${base}, on the engine` : `${base}, will be pulled`, ''),
    ...(await certificateRows(project)),
    // What is on another machine cannot be seen from here.
    ...(local ? [await diskRow(info.DockerRootDir), await portRow(project, ownPort)] : []),
  ];
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

// Without the controller the engine takes the limit and does nothing.
function limitRows(info: Info, project: Project, target: string): CheckRow[] {
  const { memory, cpus, replicas = 1 } = project.target[target] ?? {};
  const hint = 'The kernel of the engine lacks the cgroup controller; on Debian: cgroup_enable=memory.';
  return [
    ...(memory ? [checkRow('', 'memory limit', info.MemoryLimit, memory, hint)] : []),
    ...(memory && replicas > 1 ? [budgetRow(info.MemTotal, parseSize(memory), replicas)] : []),
    ...(cpus ? [checkRow('', 'CPU limit', info.CpuCfsQuota, String(cpus), hint)] : []),
  ];
}

function budgetRow(total: number, limit: number, replicas: number): CheckRow {
  const value = `${replicas} × ${megabytes(limit)} = ${megabytes(replicas * limit)} of limits`;
  const hint = `The engine has ${megabytes(total)}: fewer replicas, or a smaller limit each.`;
  return checkRow('', 'memory of replicas', replicas * limit <= total, value, hint);
}

async function diskRow(folder: string): Promise<CheckRow> {
  try {
    const free = await diskFree(folder);
    const value = `${megabytes(free)} free below ${folder}`;
    return checkRow(
      '',
      'disk',
      free >= LEAST_DISK,
      value,
      'Remove images nobody uses: docker image prune.',
      'warning',
    );
  } catch (error) {
    // A desktop engine keeps its files in a VM.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return checkRow('', 'disk', true, 'not on this machine', '');
  }
}
