import type { SourceEntry } from '../../../host/source.js';
import type { Artefact, FrontPlan, Plan } from '../../../plan/types.js';

/** A release behind a front, as `up` wants it. */
export interface Update {
  plan: Plan;
  front: FrontPlan;
  artefacts: readonly Artefact[];
  projectDir: string;
  release: string;
  /** Tags of the images; both are there when it is applied. */
  image: string;
  frontImage: string;
  env: Record<string, string>;
  /** Certificate and key of the front, if it has any. */
  certificate: readonly Artefact[];
}

/** What `up` makes of a deployment; known before anything is built. */
export type Wanted = Omit<Update, 'front' | 'frontImage'> & {
  front: Update['front'] | null;
  frontImage: string | null;
  source: SourceEntry[];
};
