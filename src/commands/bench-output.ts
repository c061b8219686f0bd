import os from 'node:os';
import type { CompareResult } from '../bench/compare/types.js';
import type { JudgedExpectation } from '../bench/threshold.js';
import type { BenchResult } from '../bench/types.js';
import { writeAtomic } from '../host/files.js';
import { githubAnnotations } from '../report/github.js';
import { benchHtml } from '../report/html/page.js';
import { junitXml } from '../report/junit.js';
import { shellWord } from '../shell-word.js';
import type { CommandContext } from './command.js';

interface Measured {
  bench: BenchResult;
  compare: CompareResult | undefined;
  expectations: JudgedExpectation[];
}

/** Writes the report files that were asked for; the text to print for a CI system, or nothing. */
export async function writeReports({ flags }: CommandContext, measured: Measured): Promise<string> {
  if (flags.html) {
    const page = benchHtml({
      ...measured,
      environment: environment(),
      command: `deploykit ${commandLine()}`,
    });
    await writeAtomic(flags.html, page);
  }
  if (flags.junit) await writeAtomic(flags.junit, junitXml(measured));
  return flags.github ? githubAnnotations(measured) : '';
}

function environment(): Record<string, string> {
  return {
    date: new Date().toISOString(),
    machine: `${os.type()} ${os.release()}, ${os.arch()}`,
    'CPUs here': `${os.availableParallelism()} × ${os.cpus()[0]?.model ?? 'unknown'}`,
    'memory here': `${Math.round(os.totalmem() / 1024 ** 3)} GB`,
    'Node.js': process.version,
  };
}

function commandLine(): string {
  return process.argv.slice(2).map(shellWord).join(' ');
}
