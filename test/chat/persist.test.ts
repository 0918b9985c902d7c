import { describe, expect, it } from 'vitest';
import { type CallFailure, createPersist } from '../../src/chat/persist.ts';
import { recordingLog } from '../support/recording-log.ts';

class Failed extends Error {
  readonly failure: CallFailure;

  constructor(failure: CallFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/** Work that fails in these ways, one after the other, and then is done; waiting only moves the clock. */
function harness(failures: readonly CallFailure[], deadlineMs = 100_000) {
  let nowMs = 0;
  const waits: number[] = [];
  const told: boolean[] = [];
  const log = recordingLog();
  const ends = new AbortController();
  const failureOf = (error: unknown): CallFailure => (error instanceof Failed ? error.failure : { kind: 'unknown' });
  const persist = createPersist(failureOf, async (durationMs) => {
    waits.push(durationMs);
    nowMs += durationMs;
  });
  const left = [...failures];
  const work = async (mayBeDone: boolean) => {
    told.push(mayBeDone);
    const failure = left.shift();
    if (failure !== undefined) throw new Failed(failure);
    return 'done';
  };
  const pace = { firstRetryMs: 100, mostRetryMs: 400 };
  const run = () => persist(work, { deadlineMs, pace, clock: { now: () => nowMs }, signal: ends.signal, log });
  return { run, waits, told, log, ends };
}

const unknown: CallFailure = { kind: 'unknown' };
const notSent: CallFailure = { kind: 'not sent' };

describe('what may be done twice', () => {
  it('is done at once where nothing fails, and nothing is said', async () => {
    const { run, waits, log } = harness([]);
    expect(await run()).toBe('done');
    expect([waits, log.lines]).toEqual([[], []]);
  });

  it('is tried again, ever more rarely, and said once', async () => {
    const { run, waits, log } = harness([notSent, notSent, notSent, notSent]);
    expect(await run()).toBe('done');
    expect(waits).toEqual([100, 200, 400, 400]);
    expect(log.lines).toEqual(['warn: call failed and is tried again']);
  });

  it('waits as long as it is asked to', async () => {
    const { run, waits } = harness([{ kind: 'limited', retryAfterMs: 7_000 }]);
    await run();
    expect(waits).toEqual([7_000]);
  });

  it('knows from the first lost answer on that it may be done', async () => {
    const { run, told } = harness([notSent, unknown, notSent]);
    await run();
    expect(told).toEqual([false, false, true, true]);
  });

  it.each<CallFailure['kind']>(['refused', 'unauthorised'])('is not tried again where it was %s', async (kind) => {
    const { run, told } = harness([{ kind, retryAfterMs: 0 } as CallFailure]);
    await expect(run()).rejects.toThrow(kind);
    expect(told).toHaveLength(1);
  });

  it('begins no attempt after its time', async () => {
    const { run, told } = harness(Array<CallFailure>(9).fill(unknown), 350);
    await expect(run()).rejects.toThrow('unknown');
    expect(told).toHaveLength(3);
  });

  it('ends with its signal', async () => {
    const { run, told, ends } = harness([unknown, unknown]);
    ends.abort();
    await expect(run()).rejects.toThrow('unknown');
    expect(told).toHaveLength(1);
  });
});
