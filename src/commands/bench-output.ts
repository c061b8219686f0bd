import type { BenchSamples } from '../bench/bench-options.js';
import { writeAtomic } from '../host/files.js';
import { githubAnnotations } from '../report/github.js';
import { benchHtml } from '../report/html/page.js';
import type { HtmlInput } from '../report/html/types.js';
import { waveSamplesOf } from '../report/html/wave-samples.js';
import { type CiInput, junitXml } from '../report/junit.js';
import { shellWord } from '../shell-word.js';
import type { CommandContext } from './command.js';

type Report = CiInput & Omit<HtmlInput, 'command' | 'waveSamples' | 'samples'>;

/** Writes the report files that were asked for; the text to print for a CI system, or nothing. */
export async function writeReports(
  { flags }: CommandContext,
  report: Report,
  { wave, load }: BenchSamples,
): Promise<string> {
  if (flags.html) {
    const page = benchHtml({
      ...report,
      ...(wave ? { waveSamples: waveSamplesOf(wave) } : {}),
      // The timeline and the spectrum of raw samples are those of the closed loop.
      ...(load && report.bench.throughput ? { samples: load } : {}),
      command: `deploykit ${commandLine(process.argv.slice(2))}`,
    });
    await writeAtomic(flags.html, page);
  }
  if (flags.junit) await writeAtomic(flags.junit, junitXml(report));
  return flags.github ? githubAnnotations(report) : '';
}

const SECRET = /^([^:]*(?:authorization|cookie|token|secret|key)[^:]*:).*/i;

/** The command line again, without the values of headers that name a secret: a report is handed around. */
function commandLine(argv: readonly string[]): string {
  const words = argv.map((word, i) => {
    const before = argv[i - 1] ?? '';
    return /^(-H|--header)$/.test(before) ? word.replace(SECRET, '$1 …') : word;
  });
  return words.map((word) => shellWord(word.replace(/^(-H|--header=)(.*)$/, hideIn))).join(' ');
}

function hideIn(_: string, flag: string, value: string): string {
  return flag + value.replace(SECRET, '$1 …');
}
