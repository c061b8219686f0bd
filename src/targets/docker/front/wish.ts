import type Docker from 'dockerode';
import type { Artefact } from '../../../plan/types.js';

/** The front of a deployment as it should be. */
export interface FrontWish {
  name: string;
  options: Docker.ContainerCreateOptions;
  /** Rendered files of nginx. */
  files: readonly Artefact[];
  /** The one that is there must go, though it was made with these options: it was changed since. */
  anew?: boolean;
}
