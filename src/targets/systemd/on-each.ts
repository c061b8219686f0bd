/**
 * Runs a step on every host: on the first alone, the canary; when it went well, on the others side by side.
 * @throws the first failure, its host named; hosts not begun are left alone.
 */
export async function onEachHost<H extends { name: string }, T>(
  hosts: readonly H[],
  step: (host: H, index: number) => Promise<T>,
): Promise<T[]> {
  const [canary, ...others] = hosts;
  if (!canary) return [];
  const first = await step(canary, 0);
  const settled = await Promise.allSettled(others.map((host, i) => step(host, i + 1)));
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return [first, ...settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))];
}
