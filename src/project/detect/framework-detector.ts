import type { Framework } from '../types.js';
import type { ParsedModule } from './parsed-module.js';
import type { ProjectCode } from './project-code.js';

/** A WSGI callable in one module. */
export interface FoundCallable {
  /** `app`, or `create_app()` for a factory. */
  callable: string;
  /** Offset in the module's source. */
  at: number;
  /** e.g. `app = flask.Flask(...)`. */
  why: string;
  /** When the project itself names the one to serve: this callable, or the package it is in. */
  named?: 'callable' | 'package';
}

/** Finds the callables of one framework. To support a further framework, write one and add it to FRAMEWORKS. */
export interface FrameworkDetector {
  /** Null for plain WSGI. */
  framework: Framework | null;
  find(module: ParsedModule, code: ProjectCode): FoundCallable[];
}
