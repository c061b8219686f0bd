import type Docker from 'dockerode';

/** A deployment on an engine, to be read. */
export interface Place {
  docker: Docker;
  name: string;
  projectDir: string;
  /** As labels name it. */
  owner: string;
  signal: AbortSignal;
}
