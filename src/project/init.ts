import { access } from 'node:fs/promises';
import path from 'node:path';
import { DeploykitError } from '../errors.js';
import { checkFolder } from './check-folder.js';
import { checkPaths } from './check-paths.js';
import { chooseCallable, equallyLikely, findCallable } from './choose-callable.js';
import { CONFIG_NAME, readConfigFile } from './config-file.js';
import { confidenceOf } from './detect/rank.js';
import { detectMissing } from './detect-missing.js';
import type { Remark } from './import/draft.js';
import { type Imported, importIni } from './import/import-ini.js';
import { type InitValue, renderProjectFile, SCHEMA_REFERENCE } from './init-file.js';
import { projectJsonSchema } from './json-schema.js';
import { mergeSettings, type Settings } from './settings.js';
import type { CallableFinding, Confidence, Detection, Finding, Overrides } from './types.js';
import { exists, replaceFile, writeNew } from './write-new.js';

/** What `init` is told. */
export interface InitInput {
  dir: string;
  name?: string | undefined;
  /** `package.module:callable`. */
  module?: string | undefined;
  /** Further settings to write, by dotted key path. */
  answers?: Overrides | undefined;
  /** An existing uwsgi.ini to take settings from; what is given otherwise wins. */
  from?: string | undefined;
  /** Asks the user; resolves to one of the candidates. Without it, doubt is an error. */
  choose?: ((question: string, candidates: string[]) => Promise<string>) | undefined;
}

/** One line of the summary: a setting, its value, why, and `file:line` of the evidence. */
interface InitFinding {
  what: string;
  value: string;
  why: string;
  where?: string;
}

/** A callable that could be served. */
interface Candidate {
  /** `package.module:callable`. */
  module: string;
  /** The folder it is imported from. */
  dir: string;
  confidence: Confidence;
  why: string;
  /** `file:line`. */
  where: string;
}

/** What `init` wrote. */
export interface InitResult {
  /** Absolute path of the new project file. */
  file: string;
  contents: string;
  findings: InitFinding[];
  /** All callables that were found, best first. */
  candidates: Candidate[];
  /** Of the ini that was read: what could not be carried over, or means something else now. */
  remarks: Remark[];
  warnings: string[];
}

/**
 * Writes deploykit.toml from what the project tells, and the JSON Schema beside it that editors check it with.
 * @throws DeploykitError DK_CONFIG_EXISTS, DK_CONFIG_INVALID (an answer), DK_DETECT_CALLABLE, DK_CONFIG_MISSING,
 * DK_DETECT_REQUIREMENTS, DK_FILE_OUTSIDE, DK_USAGE.
 */
export async function initProject(input: InitInput): Promise<InitResult> {
  const dir = path.resolve(input.dir);
  await checkFolder(dir);
  await refuseExisting(dir);
  const imported = input.from === undefined ? null : await importIni(dir, input.from);
  const given = {
    ...answersOf(imported),
    ...defined({ name: input.name, 'app.module': input.module, ...input.answers }),
  };
  const settings = mergeSettings(null, {}, given);
  await checkPaths(dir, settings, null);
  const { module } = settings.value.app;
  const detection = await detectMissing(dir, settings);
  const callable =
    module === undefined ? await choose(dir, detection, input.choose) : findCallable(module, detection);
  const { values, findings } = collect(settings, detection, callable, imported);
  const contents = renderProjectFile(values);
  const file = path.join(dir, CONFIG_NAME);
  await replaceFile(path.join(dir, SCHEMA_REFERENCE), `${JSON.stringify(projectJsonSchema(), null, 2)}\n`);
  await writeNew(file, contents);
  return {
    file,
    contents,
    findings,
    candidates: detection.callables.map(candidate),
    remarks: imported?.remarks ?? [],
    warnings: detection.warnings,
  };
}

function candidate({ value, dir, rank, why, file, line }: CallableFinding): Candidate {
  return { module: value, dir, confidence: confidenceOf(rank), why, where: `${file}:${line}` };
}

async function refuseExisting(dir: string): Promise<void> {
  const file = path.join(dir, CONFIG_NAME);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  // Not even a broken one is overwritten, so that its presence is enough.
  if (isThere) throw exists(file);
  const { config } = await readConfigFile(dir);
  if (config) throw exists(config.file, `[tool.deploykit] in ${config.label}`);
}

async function choose(dir: string, detection: Detection, ask: InitInput['choose']): Promise<CallableFinding> {
  const equals = equallyLikely(detection.callables);
  if (equals.length < 2 || !ask) return chooseCallable(dir, detection, false);
  const labels = equals.map(({ value, dir: folder }) => (folder === '.' ? value : `${value} in ${folder}`));
  const answer = await ask('Which WSGI callable should be served?', labels);
  const chosen = equals[labels.indexOf(answer)];
  if (chosen) return chosen;
  throw new DeploykitError('DK_DETECT_CALLABLE', `"${answer}" is not one of the callables found`, {
    excerpt: labels.join('\n'),
  });
}

// What goes into the file, and into the summary.
function collect(
  settings: Settings,
  detection: Detection,
  callable: CallableFinding | null,
  imported: Imported | null,
): { values: Map<string, InitValue>; findings: InitFinding[] } {
  const found: [string, Finding<unknown> | null][] = [
    ['name', detection.name],
    ['app.module', callable],
    ['app.dir', callable && callable.dir !== '.' ? { ...callable, value: callable.dir } : null],
    ['app.python', detection.python],
    ['app.requirements', { ...detection.requirements, value: detection.requirements.value.file }],
  ];
  const values = new Map<string, InitValue>();
  const findings: InitFinding[] = [];
  for (const [what, finding] of found) {
    if (settings.written.has(what) || finding?.value === undefined) continue;
    const { value, why, file, line } = finding;
    const where = file !== undefined && line !== undefined ? `${file}:${line}` : undefined;
    values.set(what, { value, why: where ? `${where}: ${why}` : why });
    findings.push({ what, value: String(value), why, ...(where ? { where } : {}) });
  }
  for (const [what, { value }] of settings.written) {
    const line = lineIn(imported, what, value);
    const where = imported && line !== undefined ? `${imported.file}:${line}` : undefined;
    values.set(what, where ? { value, why: where } : { value });
    findings.push({
      what,
      value: typeof value === 'string' ? value : JSON.stringify(value),
      why: where ? 'carried over' : 'given to init',
      ...(where ? { where } : {}),
    });
  }
  return { values, findings };
}

function answersOf(imported: Imported | null): Overrides {
  return Object.fromEntries([...(imported?.values ?? [])].map(([key, { value }]) => [key, value]));
}

function defined(given: Overrides): Overrides {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

// The line that a value was carried over from; none when a flag took its place.
function lineIn(imported: Imported | null, key: string, value: unknown): number | undefined {
  const found = imported?.values.get(key);
  return found && String(found.value) === String(value) ? found.line : undefined;
}
