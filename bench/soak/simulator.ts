import { startSimulator } from '../../adapters/simulator/server.ts';
import { type FarmTime, farmClock } from './farm-time.ts';

/*
 * The farm in a process of its own. Started anew on the same port it is the same farm, older: everything about it follows
 * from the options and the time. Sends its port once it listens.
 */

export interface SimulatorOptions {
  readonly rigs: number;
  readonly gpus: number;
  readonly seed: number;
  /** After its rigs come those of every other kind, and things break. */
  readonly zoo: boolean;
  /** 0 takes any free port. */
  readonly port: number;
  readonly time: FarmTime;
}

const { time, ...farm }: SimulatorOptions = JSON.parse(process.argv[2] ?? '');
const clock = farmClock(time);
let started = false;
// The simulator counts from its start; told that it starts when the time did, it shows the shared time to the millisecond.
const sinceTheStart = { now: () => (started ? clock.now() : time.farmMs) };
const { port } = await startSimulator({
  ...farm,
  startAtMs: time.farmMs,
  frozen: false,
  speed: 1,
  clock: sinceTheStart,
});
started = true;
process.once('disconnect', () => process.exit());
process.send?.(port);
