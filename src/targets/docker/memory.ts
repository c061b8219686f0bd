import type Docker from 'dockerode';

/**
 * Bytes a container holds, as `docker stats` counts them: without the page cache that the kernel may drop at once. Null
 * when the engine does not say.
 */
export async function containerMemory(container: Docker.Container): Promise<number | null> {
  const { memory_stats: memory } = await container.stats({ stream: false, 'one-shot': true });
  if (memory?.usage === undefined) return null;
  // cgroup v1 and v2 name it differently.
  const stats = memory.stats as { total_inactive_file?: number; inactive_file?: number } | undefined;
  return memory.usage - (stats?.total_inactive_file ?? stats?.inactive_file ?? 0);
}
