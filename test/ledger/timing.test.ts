import { expect, it } from 'vitest';
import { ledgerTiming, readAfterMs, writtenAfterMs } from '../../src/domain/ledger/timing.ts';

it('waits for what arrives late before an hour is read back, and before it is missed', () => {
  const states = { miningGapMs: 120_000, downAfterMs: 60_000 };
  const prompt = ledgerTiming(30_000, states);
  const late = ledgerTiming(30_000, states, 300_000);
  expect(readAfterMs(late) - readAfterMs(prompt)).toBe(300_000);
  expect(writtenAfterMs(late) - writtenAfterMs(prompt)).toBe(300_000);
  expect([late.maxGapMs, late.settleMs]).toEqual([prompt.maxGapMs, prompt.settleMs]);
});
