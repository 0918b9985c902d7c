import { setTimeout as wait } from 'node:timers/promises';
import { type SimulatorProcess, startSimulatorProcess } from './processes.ts';
import type { SimulatorOptions } from './simulator.ts';

/** The farm's exporters, which flap. They keep their port. */
export class Exporters {
  readonly #options: SimulatorOptions;
  #simulator: SimulatorProcess;

  static async start(options: SimulatorOptions): Promise<Exporters> {
    return new Exporters(options, await startSimulatorProcess(options));
  }

  private constructor(options: SimulatorOptions, simulator: SimulatorProcess) {
    this.#options = options;
    this.#simulator = simulator;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#simulator.port}`;
  }

  /** They take connections and do not answer; what waits is answered in the end. */
  async suspendFor(durationMs: number): Promise<void> {
    this.#simulator.signal('SIGSTOP');
    await wait(durationMs);
    this.#simulator.signal('SIGCONT');
  }

  /** They refuse connections. */
  async restartAfter(durationMs: number): Promise<void> {
    const { port } = this.#simulator;
    await this.#simulator.end();
    await wait(durationMs);
    this.#simulator = await startSimulatorProcess({ ...this.#options, port });
  }

  end(): Promise<void> {
    return this.#simulator.end();
  }
}
