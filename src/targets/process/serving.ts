import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Plan } from '../../plan/types.js';
import type { TargetContext } from '../target.js';
import { sweepAuxiliaries } from './auxiliary.js';
import { killInstance, renewInstance, type StartInput, startInstance, stopInstance } from './instance.js';
import { clearState, readState, type State, writeState } from './state.js';

const DIRECT = { kind: 'direct', note: 'straight to uWSGI on this machine' } as const;

/** A release that shall serve. */
export type Next = Pick<State, 'release' | 'plan' | 'environmentHash'>;

/** The one instance of a target that serves, and the record of it on disk. */
export class Serving {
  readonly #folder: string;
  readonly #context: TargetContext;

  constructor(folder: string, context: TargetContext) {
    this.#folder = folder;
    this.#context = context;
  }

  /**
   * The running, healthy instance, or null. Clears away what earlier runs left: auxiliaries of killed runs, a server
   * that never became healthy, the record of a dead one.
   */
  async settle(run: string): Promise<State | null> {
    const state = await readState(this.#folder);
    await sweepAuxiliaries(this.#folder, state?.plan.layout.run ?? run);
    if (!state) return null;
    if (state.alive && state.healthy) return state;
    if (state.alive) await killInstance(state.master);
    await clearState(this.#folder);
    return null;
  }

  /** Starts and waits; recorded as not healthy in between, so that a killed run is cleaned up by the next. */
  async start(next: Next, env: Record<string, string>, seconds: number): Promise<State> {
    const { reporter } = this.#context;
    reporter.step(`Starting on ${next.plan.bind}:${next.plan.port}`);
    try {
      const onStarted = async (master: State['master']): Promise<void> => {
        await this.#record(next, master, false);
      };
      const master = await startInstance({ ...this.#input(next, seconds), env, onStarted });
      return await this.#record(next, master, true);
    } catch (error) {
      await this.#forget(next.plan.layout.run);
      throw error;
    }
  }

  /** Whether a release can take the place of the one that serves in the process that has the port. */
  canRenew(old: State, { plan, environmentHash }: Next): boolean {
    const same = (one: Plan): string =>
      JSON.stringify([
        one.bind,
        one.port,
        one.server.listen,
        one.layout.venv,
        one.layout.run,
        one.layout.ini,
      ]);
    return old.environmentHash === environmentHash && same(old.plan) === same(plan);
  }

  /** Has the running instance load another release; the port is never closed, and requests wait meanwhile. */
  async renew(old: State, next: Next, seconds: number): Promise<State> {
    this.#context.reporter.step('Loading the new release: requests wait meanwhile, none is lost');
    try {
      await renewInstance(this.#input(next, seconds), old.master);
      return await this.#record(next, old.master, true);
    } catch (error) {
      await this.#forget(next.plan.layout.run);
      throw error;
    }
  }

  #input({ plan }: Next, seconds: number): Omit<StartInput, 'env'> {
    const { ini, run } = plan.layout;
    const files = { ini, run, log: path.join(this.#folder, 'uwsgi.log') };
    const { signal } = this.#context;
    return { plan, files, port: plan.port, host: hostOf(plan), seconds, signal };
  }

  async #record(next: Next, master: State['master'], healthy: boolean): Promise<State> {
    const { plan } = next;
    const endpoint = {
      ...{ host: hostOf(plan), port: plan.port, hostHeader: plan.app.hostHeader, route: DIRECT },
    };
    const state = { ...next, master, endpoint, startedAt: new Date().toISOString(), healthy };
    await writeState(this.#folder, state);
    return state;
  }

  /** Stops gracefully. @throws DeploykitError DK_STOP_TIMEOUT when it had to be killed after its grace time. */
  async stop(state: State, text: string): Promise<void> {
    this.#context.reporter.step(text);
    try {
      await stopInstance(state.master, state.plan.layout.run, state.plan.server.timeouts.stopGrace);
    } finally {
      await this.#forget(state.plan.layout.run);
    }
  }

  async #forget(run: string): Promise<void> {
    await clearState(this.#folder);
    await rm(run, { recursive: true, force: true });
  }
}

function hostOf({ bind }: Plan): string {
  return bind === '0.0.0.0' || bind === '::' ? '127.0.0.1' : bind;
}
