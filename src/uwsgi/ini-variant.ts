/** What a second instance of the same server has of its own; all values as they stand in the file. */
export interface Variant {
  httpSocket: string;
  /** Folder of its sockets. */
  run: string;
  module?: string;
  pythonpath?: string;
}

/**
 * The ini of a second instance: another address, other sockets, and, for bench, another module. Every other line stays
 * as it is, hand edits included, so that whatever decides concurrency is the same.
 */
export function variantIni(text: string, variant: Variant): string {
  let seen = false;
  const lines = text.split('\n').flatMap((line) => {
    const option = /^\s*([a-z0-9-]+)\s*=/.exec(line)?.[1];
    switch (option) {
      case 'http-socket': {
        if (seen) return [];
        seen = true;
        return [`http-socket = ${variant.httpSocket}`];
      }
      // The public socket of a server behind a front: the descriptor or address is not this instance's.
      case 'uwsgi-socket':
        return [];
      case 'stats':
        return [`stats = ${variant.run}/stats.sock`];
      case 'master-fifo':
        return [`master-fifo = ${variant.run}/master.fifo`];
      case 'module':
        return [variant.module ? `module = ${variant.module}` : line];
      default:
        return [line];
    }
  });
  const extra = variant.pythonpath ? `pythonpath = ${variant.pythonpath}\n` : '';
  return lines.join('\n').replace(/\n?$/, '\n') + extra;
}
