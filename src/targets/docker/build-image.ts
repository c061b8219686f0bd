import type Docker from 'dockerode';
import { DeploykitError, throwIfAborted } from '../../errors.js';
import type { SourceEntry } from '../../host/source.js';
import { failedRequirement } from '../failed-requirement.js';
import type { Deployment, Reporter } from '../target.js';
import { contextTar } from './context-tar.js';
import { follow } from './progress.js';

// Passed as predefined build arguments: BuildKit keeps them out of the image's history (docs: "Predefined ARGs").
const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'];
const KEPT_LINES = 400;

export interface BuildInput {
  docker: Docker;
  deployment: Deployment;
  source: readonly SourceEntry[];
  tag: string;
  /** In the folder of the artefacts. */
  dockerfile: string;
  labels: Record<string, string>;
  reporter: Reporter;
  signal: AbortSignal;
}

/**
 * Builds and tags the image with BuildKit, reporting each line.
 * @throws DeploykitError DK_REQUIREMENT_FAILED when pip failed, DK_BUILD_FAILED otherwise, with the failing lines;
 * DK_ENGINE_LOST.
 */
export async function buildImage(input: BuildInput): Promise<void> {
  const { docker, deployment, source, reporter, signal } = input;
  const { artefacts, folder } = deployment;
  const lines: string[] = [];
  const onLine = (line: string): void => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    reporter.detail(line.replace(/^\[[a-z0-9:]+\] /, ''));
  };
  try {
    const context = contextTar(source, artefacts, folder);
    const stream = await docker.buildImage(context, {
      version: '2',
      t: input.tag,
      dockerfile: folder === '.' ? input.dockerfile : `${folder}/${input.dockerfile}`,
      buildargs: proxyArguments(process.env),
      labels: input.labels,
    } as Docker.ImageBuildOptions);
    await follow(docker, stream, signal, onLine);
  } catch (error) {
    throwIfAborted(signal);
    if (error instanceof DeploykitError) throw error;
    // An engine that is being stopped says that the build failed.
    await docker.ping();
    throw buildError((error as Error).message, lines);
  }
}

function proxyArguments(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = PROXY_VARIABLES.flatMap((name) => [name, name.toLowerCase()]);
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

function buildError(message: string, lines: string[]): DeploykitError {
  const excerpt = failingLines(message, lines);
  const name = failedRequirement(excerpt);
  if (name) {
    return new DeploykitError('DK_REQUIREMENT_FAILED', `the requirement ${name} cannot be installed`, {
      excerpt,
      hint: 'Check its name and version; one that must be compiled may need [image] build_packages.',
    });
  }
  return new DeploykitError('DK_BUILD_FAILED', `the image build failed: ${message.split('\n')[0]}`, {
    excerpt,
    hint: 'The failing step and its last lines are above; -v shows the whole build.',
  });
}

// The failing step's output ends right before BuildKit's ERROR line.
function failingLines(message: string, lines: string[]): string {
  const noise = /^(\[[a-z0-9:]+\] |CACHED: |ERROR: process|Built image|\[notice\]|.*: \d+% \()/;
  const output = lines.filter((line) => !noise.test(line));
  return [...output.slice(-20), message].join('\n');
}
