/** A unified diff of a file, from what was given to what is there now. */
export async function textDiff(path: string, given: string, now: string): Promise<string> {
  if (given === now) return '';
  const { createTwoFilesPatch } = await import('diff');
  return createTwoFilesPatch(`${path} (as given)`, `${path} (as it is)`, given, now, '', '', { context: 2 });
}
