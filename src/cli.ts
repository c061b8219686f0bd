#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { CommanderError, Command as Program } from 'commander';
import type { Answer, Flags } from './commands/command.js';
import { VERBS } from './commands/declare.js';
import { declaredVerbs, optionsOf } from './commands/declared.js';
import { DeploykitError, interrupted } from './errors.js';
import { type ColourMode, painter, wantsColour } from './ui/colour.js';
import { errorText } from './ui/error-text.js';
import { Progress } from './ui/progress.js';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

async function main(argv: string[]): Promise<number> {
  let exitCode = 0;
  const program = new Program('deploykit')
    .description('Deploy a Python WSGI project on uWSGI (prefork + gevent) and prove its concurrency.')
    .version(manifest.version)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  for (const [name, verb] of Object.entries(VERBS)) {
    const child = program.command(name).description(verb.summary).allowExcessArguments(false).exitOverride();
    child.copyInheritedSettings(program);
    if (verb.argument) child.addArgument(verb.argument);
    for (const option of optionsOf(name)) child.addOption(option);
    child.action(async () => {
      exitCode = await runVerb(name, { ...child.opts(), files: child.args });
    });
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    return report(usageError(error), argv[2] ?? '', { json: argv.includes('--json') }, []);
  }
  return exitCode;
}

async function runVerb(name: string, flags: Flags & { color?: ColourMode }): Promise<number> {
  const mode = flags.color ?? 'auto';
  const colour = wantsColour(mode, process.stdout);
  const warnings: string[] = [];
  const progress = new Progress({
    quiet: Boolean(flags.quiet) && !flags.verbose,
    verbose: (flags.verbose ?? 0) > 0,
    plain: Boolean(flags.json),
    colour: flags.json && mode === 'auto' ? 'never' : mode,
  });
  const controller = listenForSignals();
  try {
    const verb = VERBS[name];
    if (!verb) throw new DeploykitError('DK_USAGE', `unknown command ${name}`);
    const { command } = await verb.load();
    const answer = await command({
      flags,
      progress,
      signal: controller.signal,
      paint: painter(colour),
      width: Math.min(process.stdout.columns ?? 80, 100),
      colour,
      warnings,
      verbs: declaredVerbs,
      writeLine: (line) => process.stdout.write(`${line}\n`),
    });
    progress.stop();
    print(name, answer, Boolean(flags.json), warnings);
    return answer.problem?.exitCode ?? 0;
  } catch (error) {
    progress.stop();
    return report(error, name, flags, warnings);
  }
}

function print(command: string, answer: Answer, json: boolean, warnings: string[]): void {
  const { data, problem, streamed } = answer;
  if (streamed) return;
  const document = { schemaVersion: 1, command, ok: !problem, data, warnings, error: problem?.toJSON() };
  const text = json ? JSON.stringify(document, null, 2) : answer.text;
  if (text !== '') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

function report(
  error: unknown,
  command: string,
  flags: Flags & { color?: ColourMode },
  warnings: string[],
): number {
  const known = error instanceof DeploykitError;
  if (flags.json) {
    const details = known ? error.toJSON() : { code: 'DK_INTERNAL', message: String(error) };
    const document = { schemaVersion: 1, command, ok: false, data: null, warnings, error: details };
    process.stdout.write(`${JSON.stringify(document, null, flags.follow ? 0 : 2)}\n`);
  }
  const paint = painter(wantsColour(flags.color ?? 'auto', process.stderr));
  if (!flags.json || !known) process.stderr.write(errorText(error, paint, flags.verbose ?? 0));
  return known ? error.exitCode : 1;
}

function usageError(error: CommanderError): DeploykitError {
  const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = rest.join(' ').replace(/[()]/g, '').trim();
  return new DeploykitError('DK_USAGE', message, {
    hint: suggestion || 'See deploykit --help, or deploykit COMMAND --help.',
  });
}

// Once: finish or undo the step that runs. Twice: stop now.
function listenForSignals(): AbortController {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143);
      process.stderr.write(`\n${name}: undoing the current step; again to stop at once\n`);
      controller.abort(interrupted(name));
    });
  }
  return controller;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader went away (`deploykit logs | head`): nothing is left to say to it.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// The exit waits for stdout: a pipe would lose what is still in the buffer.
main(process.argv).then(
  (code) => process.stdout.write('', () => process.exit(code)),
  (error: unknown) => {
    process.stderr.write(errorText(error, painter(false), 2));
    process.exit(1);
  },
);
