/** Several streams of lines as one, each line as soon as it comes. */
export async function* merged(streams: readonly AsyncIterable<string>[]): AsyncIterable<string> {
  const waiting = new Map(
    streams.map((stream) => {
      const iterator = stream[Symbol.asyncIterator]();
      return [iterator, next(iterator)] as const;
    }),
  );
  while (waiting.size > 0) {
    const { iterator, result } = await Promise.race(waiting.values());
    if (result.done) {
      waiting.delete(iterator);
      continue;
    }
    waiting.set(iterator, next(iterator));
    yield result.value;
  }
}

async function next(
  iterator: AsyncIterator<string>,
): Promise<{ iterator: AsyncIterator<string>; result: IteratorResult<string> }> {
  return { iterator, result: await iterator.next() };
}
