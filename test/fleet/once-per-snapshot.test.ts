import { describe, expect, it } from 'vitest';
import { oncePerSnapshot } from '../../src/fleet/once-per-snapshot.ts';
import { snapshotOf } from '../support/snapshots.ts';

describe('once per snapshot', () => {
  it('works again for another snapshot and for other arguments, and not otherwise', () => {
    const asked: string[] = [];
    const work = oncePerSnapshot((_snapshot, what: string) => asked.push(what));
    const [first, second] = [snapshotOf([]), snapshotOf([])];
    expect([work(first, 'a'), work(first, 'a'), work(second, 'a'), work(first, 'b')]).toEqual([1, 1, 2, 3]);
    expect(asked).toEqual(['a', 'a', 'b']);
  });

  it('shares what is being worked out', async () => {
    let runs = 0;
    const work = oncePerSnapshot(async () => ++runs);
    const snapshot = snapshotOf([]);
    expect(await Promise.all([work(snapshot), work(snapshot)])).toEqual([1, 1]);
  });

  it('keeps no failure', async () => {
    let runs = 0;
    const work = oncePerSnapshot(async () => {
      runs += 1;
      if (runs === 1) throw new Error('once');
      return runs;
    });
    const snapshot = snapshotOf([]);
    await expect(work(snapshot)).rejects.toThrow('once');
    await expect(work(snapshot)).resolves.toBe(2);
  });
});
