/** Values from several producers as one stream, each as soon as it comes. */
export class Channel<T> {
  readonly #waiting: T[] = [];
  #wake: () => void = () => undefined;
  #end: { error: unknown } | null = null;

  push(value: T): void {
    this.#waiting.push(value);
    this.#wake();
  }

  /** @param error thrown by the stream after what was pushed, unless it is undefined. */
  close(error?: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (;;) {
      yield* this.#waiting.splice(0);
      if (this.#waiting.length > 0) continue;
      if (this.#end) {
        if (this.#end.error !== undefined) throw this.#end.error;
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
