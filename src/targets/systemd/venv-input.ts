import type { Artefact, Plan } from '../../plan/types.js';
import type { Python } from '../process/python.js';
import type { HostFacts } from './facts.js';
import type { WheelhouseOf } from './local-build/wheelhouse.js';
import type { OnHost } from './on-host.js';
import type { HostPaths } from './paths.js';

/** What a virtual environment on a host is made from. */
export interface VenvInput {
  on: OnHost;
  plan: Plan;
  projectDir: string;
  artefacts: readonly Artefact[];
  sourceHash: string;
  paths: HostPaths;
  facts: HostFacts;
  /** Of the host. */
  python: Python;
  key: string;
  wheelhouse: WheelhouseOf;
}
