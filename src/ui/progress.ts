import type { WriteStream } from 'node:tty';
import { type ColourMode, painter, wantsColour } from './colour.js';

interface ProgressOptions {
  stream?: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;
  quiet?: boolean;
  verbose?: boolean;
  /** No live line on a terminal either: stdout is for a program, and so may be what keeps stderr. */
  plain?: boolean;
  colour?: ColourMode;
  /** Where there is no live line: how often a step that goes on says so, in ms. */
  goesOnMs?: number;
}

// Of a log; what collects logs takes a job without output for a dead one after some minutes.
const GOES_ON_MS = 30_000;
const WIDTH = 100;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/**
 * Progress on stderr: on a terminal one live line under the steps; elsewhere one plain line a step, and another each half
 * minute that it takes. `verbose` prints every detail line, `quiet` only warnings.
 */
export class Progress {
  readonly #stream: NonNullable<ProgressOptions['stream']>;
  readonly #options: ProgressOptions;
  readonly #paint: ReturnType<typeof painter>;
  readonly #live: boolean;
  #step = '';
  #detail = '';
  #began = 0;
  #frame = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ProgressOptions = {}) {
    this.#stream = options.stream ?? process.stderr;
    this.#options = options;
    this.#paint = painter(wantsColour(options.colour ?? 'auto', this.#stream));
    this.#live = Boolean(this.#stream.isTTY) && !options.verbose && !options.quiet && !options.plain;
  }

  step(text: string): void {
    if (this.#options.quiet) return;
    this.#endStep();
    this.#step = text;
    this.#detail = '';
    this.#began = Date.now();
    this.#timer = this.#live
      ? setInterval(() => this.#draw(), 100)
      : setInterval(() => this.#goesOn(), this.#options.goesOnMs ?? GOES_ON_MS);
    this.#timer.unref();
    if (this.#live) this.#draw();
    else this.#write(`• ${text}\n`);
  }

  detail(line: string): void {
    if (this.#options.verbose) this.#write(`  ${line}\n`);
    else this.#detail = line;
  }

  warn(text: string): void {
    this.#clear();
    this.#write(`${this.#paint('yellow', 'warning:')} ${text}\n`);
  }

  /** Ends the live line; nothing is drawn until the next step. */
  stop(): void {
    this.#endStep();
  }

  #draw(): void {
    this.#frame = (this.#frame + 1) % FRAMES.length;
    const seconds = this.#seconds();
    const head = `${FRAMES[this.#frame]} ${this.#step}${seconds > 0 ? ` ${seconds}s` : ''}`;
    const room = (this.#stream.columns ?? 80) - head.length - 4;
    const printable = this.#printable();
    const detail = room > 10 && printable ? `  ${printable.slice(0, room)}` : '';
    this.#write(`\r\x1b[2K${head}${this.#paint('dim', detail)}`);
  }

  #goesOn(): void {
    const detail = this.#printable().slice(0, WIDTH);
    this.#write(`  ${this.#seconds()} s${detail ? `: ${detail}` : ''}\n`);
  }

  #seconds(): number {
    return Math.floor((Date.now() - this.#began) / 1000);
  }

  #printable(): string {
    return this.#detail.replace(/[^\x20-\x7e]/g, '');
  }

  #endStep(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    const step = this.#step;
    this.#step = '';
    if (step === '' || !this.#live) return;
    this.#clear();
    const seconds = (Date.now() - this.#began) / 1000;
    const took = seconds >= 1 ? this.#paint('dim', ` ${seconds.toFixed(1)} s`) : '';
    this.#write(`${this.#paint('green', '•')} ${step}${took}\n`);
  }

  #clear(): void {
    if (this.#live) this.#write('\r\x1b[2K');
  }

  #write(text: string): void {
    this.#stream.write(text);
  }
}
