import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Plan } from '../../plan/types.js';
import type { TargetContext } from '../target.js';
import { sweepAuxiliaries } from './auxiliary.js';
import { killInstance, startInstance, stopInstance } from './instance.js';
import { clearState, readState, type State, writeState } from './state.js';

const DIRECT = { kind: 'direct', note: 'straight to uWSGI on this machine' } as const;

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
  async start(plan: Plan, release: string, env: Record<string, string>, seconds: number): Promise<State> {
    const { reporter, signal } = this.#context;
    reporter.step(`Starting on ${plan.bind}:${plan.port}`);
    const host = plan.bind === '0.0.0.0' || plan.bind === '::' ? '127.0.0.1' : plan.bind;
    const files = { ini: plan.layout.ini, run: plan.layout.run, log: path.join(this.#folder, 'uwsgi.log') };
    const endpoint = { host, port: plan.port, hostHeader: plan.app.hostHeader, route: DIRECT };
    const startedAt = new Date().toISOString();
    const record = async (master: State['master'], healthy: boolean): Promise<State> => {
      const state = { release, master, endpoint, plan, startedAt, healthy };
      await writeState(this.#folder, state);
      return state;
    };
    try {
      const onStarted = async (master: State['master']): Promise<void> => {
        await record(master, false);
      };
      const master = await startInstance({
        plan,
        files,
        env,
        port: plan.port,
        host,
        seconds,
        signal,
        onStarted,
      });
      return await record(master, true);
    } catch (error) {
      await this.#forget(plan.layout.run);
      throw error;
    }
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
