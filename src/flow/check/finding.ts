/** `error`: it will not work, or not as asked. `warning`: it may fail under load. `info`: worth knowing. */
export type Severity = 'error' | 'warning' | 'info' | 'ok';

/** One thing that was looked at. */
export interface CheckFinding {
  severity: Severity;
  area: 'project' | 'environment' | 'plan' | 'files' | 'backlog' | 'database' | 'gevent';
  /** The subject, in a word or two. */
  what: string;
  /** What is so. */
  message: string;
  /** How to mend it; null when there is nothing to. */
  remedy: string | null;
  /** Relative to the project folder. */
  file?: string;
  /** 1-based. */
  line?: number;
}

/** A finding that things are well. */
export function well(area: CheckFinding['area'], what: string, message: string): CheckFinding {
  return { severity: 'ok', area, what, message, remedy: null };
}
