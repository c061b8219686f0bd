/**
 * `blocking`: while it runs, no other request of the same process does (or it fails). `risk`: depends on how it is used.
 * `unknown`: nothing is known of it. `fine`: it waits together with others, given the patch that deploykit applies.
 */
export type GeventSeverity = 'blocking' | 'risk' | 'unknown' | 'fine';

/** One dependency, or one place in the project's own code, judged for gevent. */
export interface GeventFinding {
  severity: GeventSeverity;
  /** A distribution (`psycopg2`), or a use (`ctypes.CDLL`). */
  what: string;
  /** One sentence without its full stop. */
  why: string;
  /** How to mend it; null where there is nothing to mend. */
  fix: string | null;
  /** Relative to the project folder. */
  file?: string;
  /** 1-based. */
  line?: number;
}

/** What the project's own code calls and imports, by full dotted name. */
export interface CodeUses {
  uses: readonly { name: string; kind: 'call' | 'import' | 'coroutine'; file: string; line: number }[];
  /** True when a bound ended the search. */
  truncated: boolean;
}
