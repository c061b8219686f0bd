import path from 'node:path';
import type { CallableFinding, Obstacle } from '../types.js';
import { asgiApplications } from './asgi.js';
import { ENTRY_NAMES } from './entry-names.js';
import { FRAMEWORKS } from './frameworks.js';
import { lineOf } from './line-of.js';
import { type ModuleFacts, readFacts } from './module-facts.js';
import { nearMisses } from './near-misses.js';
import { type Placed, preferOutermost } from './outermost.js';
import { nameModules, type ParsedModule } from './parsed-module.js';
import { type ProjectCode, readCode } from './project-code.js';
import { findPythonFiles } from './python-files.js';
import { OTHER, rankOf } from './rank.js';
import { readText } from './read-text.js';

// Below the root, files without any of these words hold neither a callable nor a step on the way to one.
const RELEVANT =
  /flask|dash|settings_module|wsgi|start_response|def application|create_app|make_app|pyramid|paste|bottle|falcon|cherrypy|webapp2|fastapi|starlette|quart|sanic|litestar|robyn|blacksheep|aiohttp|tornado|openapi|\bapp(lication)?\s*[:=]/i;

/** What the search for callables found. */
export interface CallableSearch {
  /** Best first. */
  callables: CallableFinding[];
  pythonFiles: number;
  obstacles: Obstacle[];
  warnings: string[];
}

/**
 * Searches the Python files of a project for WSGI callables; parses them and runs nothing.
 * @param appDir app.dir when the user set it: modules are then named from there, and only what lies in it is read.
 * @param name the deployment's name: a file of that name is an entry file.
 */
export async function findCallables(
  dir: string,
  appDir: string | undefined,
  name: string,
): Promise<CallableSearch> {
  const searched = path.join(dir, appDir ?? '.');
  const found = await findPythonFiles(searched);
  const facts = await readRelevant(searched, found.files);
  const code = readCode(nameModules(facts, found.packages, appDir !== undefined));
  const placed = code.modules.flatMap((module) => callablesOf(module, code, appDir ?? '.', name));
  const all = preferOutermost(placed, code, OTHER);
  const usable = all.filter(({ value }) => /^[\w.-]+:/.test(value));
  const obstacles = all
    .filter((each) => !usable.includes(each))
    .map(({ file, line, value }) => ({
      callable: value,
      text: `${file}:${line}: uWSGI cannot import a module of this name; use letters, digits and "_"`,
      wayOut: null,
      rank: null,
    }));
  return {
    callables: usable.sort((a, b) => a.rank - b.rank || (a.value < b.value ? -1 : 1)),
    pythonFiles: found.seen,
    obstacles: [...obstacles, ...asgiApplications(code, name), ...nearMisses(code)],
    warnings: found.truncated
      ? ['the project is large: only its first 2,000 Python files or folders were searched']
      : [],
  };
}

async function readRelevant(root: string, files: string[]): Promise<ModuleFacts[]> {
  const facts: ModuleFacts[] = [];
  for (const file of files) {
    const source = await readText(path.join(root, file));
    if (source === null) continue;
    const isLikely =
      /^[^/]+$|(^|\/)__init__\.py$/.test(file) || ENTRY_NAMES.includes(path.posix.basename(file, '.py'));
    if (isLikely || RELEVANT.test(source)) facts.push(await readFacts(file, source));
  }
  return facts;
}

function callablesOf(module: ParsedModule, code: ProjectCode, base: string, name: string): Placed[] {
  const callables = FRAMEWORKS.flatMap(({ framework, find }) =>
    find(module, code).map(
      (found): CallableFinding => ({
        value: `${module.name}:${found.callable}`,
        why: found.why,
        file: path.posix.join(base, module.file),
        line: lineOf(module.source, found.at),
        dir: path.posix.join(base, module.root),
        rank: rankOf(found, module, name),
        framework,
      }),
    ),
  );
  return callables
    .filter(({ value }, index) => callables.findIndex((each) => each.value === value) === index)
    .map((finding) => {
      const name = finding.value.slice(module.name.length + 1).replace(/\(\)$/, '');
      return { module, name, finding };
    });
}
