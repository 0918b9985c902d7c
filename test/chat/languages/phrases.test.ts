import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { french } from '../../../commands/french/index.ts';
import { readiness } from '../../../commands/readiness.ts';
import { createPhraseBook } from '../../../src/chat/languages/phrase-book.ts';
import { marketplaceQuote } from '../../../src/domain/observation/marketplace.ts';
import { type RigMemory, settleStates } from '../../../src/domain/observation/settle-states.ts';
import { decideStates } from '../../../src/domain/observation/work-states.ts';
import { workStates } from '../../../src/domain/work-state.ts';
import { answer } from '../../support/answers.ts';
import { anySituation } from '../../support/any-farm.ts';
import { atMs, gpuOf, hostOf, machineOf, rigOf } from '../../support/rigs.ts';
import { contextOf, snapshotOf } from '../../support/snapshots.ts';

const book = createPhraseBook(french.phrases);
const figure = (max: number) => fc.option(fc.double({ min: 0, max, noNaN: true }));

it('every evidence for a work state is in the phrase book', () => {
  const card = fc.record({
    present: fc.boolean(),
    hashrate: figure(1e9),
    utilisationRatio: figure(1),
    computeApps: fc.option(fc.nat(3)),
    processes: fc.option(fc.subarray(['/opt/t-rex', '/usr/bin/python3'])),
  });
  const evidenceOf = fc
    .tuple(card, fc.boolean())
    .map(([of, isAway]) => (isAway ? { ...of, isUnseen: true as const } : of));
  const rentals = fc.subarray([
    { platform: 'runpod', gpus: 1 },
    { platform: 'salad', gpus: 1 },
  ]);
  const machine = fc.option(
    fc
      .record({
        rentedGpus: fc.option(fc.nat(4)),
        defaultJobGpus: fc.option(fc.nat(2)),
        listed: fc.option(fc.boolean()),
      })
      .map(machineOf),
  );
  const rig = fc.record({ rigDown: fc.boolean(), machine, looseMiningCards: fc.nat(2), rentals });
  const isMiner = (process: string) => process.endsWith('t-rex');
  fc.assert(
    fc.property(fc.array(evidenceOf, { maxLength: 4 }), rig, (cards, of) => {
      const decided = decideStates(cards, { ...of, isMiner });
      const sentences = [...decided.cards.map(({ evidence }) => evidence), ...decided.problems];
      expect(sentences.filter((sentence) => book.find(sentence) === null)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

it('every evidence for a state that is not believed yet is in the phrase book', () => {
  const state = fc.constantFrom(...workStates);
  const seen = fc
    .record({ states: fc.tuple(state, state), isAway: fc.boolean(), hashrate: fc.option(fc.constant(0)) })
    .map(({ states, isAway, hashrate }) => {
      const gpus = states.map((of, index) =>
        gpuOf({ key: `${index}`, hashrate, state: isAway ? 'down' : of, stateEvidence: 'hashrate above 0' }),
      );
      return rigOf(gpus, { state: isAway ? 'down' : 'up' });
    });
  const times = { miningGapMs: 30_000, downAfterMs: 30_000 };
  fc.assert(
    fc.property(fc.array(seen, { maxLength: 6 }), (history) => {
      let memory: RigMemory | null = null;
      for (const [index, one] of history.entries()) {
        const settled = settleStates(one, memory, times, index * 15_000);
        ({ memory } = settled);
        const sentences = [
          ...settled.rig.gpus.map((gpu) => gpu.stateEvidence),
          ...settled.changes.map((c) => c.evidence),
        ];
        expect(sentences.filter((sentence) => book.find(sentence) === null)).toEqual([]);
      }
    }),
  );
});

it('whatever is known of a rig, its readiness is said in French', async () => {
  const card = fc
    .record({
      model: fc.option(fc.constantFrom('RTX 3090', 'RTX 3080', 'A100 80GB', 'CMP 170HX', 'RX 6800 XT')),
      pcieWidth: fc.option(fc.constantFrom(1, 8, 16)),
      pcieGeneration: fc.option(fc.constantFrom(1, 3, 4)),
      pcieGenerationMax: fc.option(fc.constantFrom(3, 4)),
      performanceState: fc.option(fc.constantFrom(0, 8)),
      vbiosVersion: fc.option(fc.constantFrom('94', '95')),
      xids: fc.option(
        fc.array(fc.record({ code: fc.constantFrom(13, 79, 999), lastAtMs: fc.option(fc.constant(atMs - 3.6e6)) }), {
          maxLength: 2,
        }),
      ),
    })
    .map(gpuOf);
  const host = fc
    .record({
      cpuCores: fc.option(fc.nat(64)),
      cpuThreads: fc.option(fc.nat(128)),
      avx: fc.option(fc.boolean()),
      ramTotalBytes: figure(1e12),
      nicBitsPerSecond: figure(1e10),
    })
    .map(hostOf);
  const anyRig = fc
    .tuple(fc.array(card, { maxLength: 3 }), host)
    .map(([cards, of]) => rigOf(cards, { name: 'a1', host: of }));
  await fc.assert(
    fc.asyncProperty(anyRig, anySituation, async (rig, { farm }) => {
      await answer(readiness, { rig: 'a1' }, contextOf(snapshotOf([rig]), farm));
    }),
    { numRuns: 60 },
  );
});

it.each(['yes', 'no', 'any'])('a median of offers that are rented: %s', (rented) => {
  for (const verified of ['yes', 'no', 'any']) {
    const counts = [{ rented: 'yes', verified, value: 1 }];
    const prices = [{ quantile: 'median' as const, rented, verified, value: 0.2 }];
    const { kind, platform } = marketplaceQuote({ model: 'RTX 3090', prices, counts }, atMs);
    expect(book.find(`${platform}, ${kind}`), kind).not.toBeNull();
  }
});

it('no phrase is left of a sentence that the code says no more', () => {
  const paths = globSync(['src/**/*.ts', 'commands/**/*.ts', 'adapters/**/*.ts']);
  const code = paths
    .filter((path) => !/\/(?:fr|french)\//.test(path))
    .map((path) => readFileSync(path, 'utf8').replaceAll("\\'", "'"))
    .join('\n');
  /** As it stands in the code, or made there of two parts. */
  const isSaid = (text: string) => {
    for (let at = 0; at < text.length; at += 1) {
      if (code.includes(text.slice(0, at)) && code.includes(text.slice(at))) return true;
    }
    return text === '';
  };
  const stale = Object.keys(french.phrases).flatMap((phrase) =>
    phrase
      .split(
        /\{\w+(?:, number)?\}|, (?=on-demand|renter|meaning|and every)|; (?=which)|(?: rented| unrented)? (?=(?:un)?verified offers|offers)/,
      )
      .map((part) => part.replace(/^[:.,;() ]+|[:.,;() ]+$/g, ''))
      .filter((part) => !isSaid(part)),
  );
  expect(stale).toEqual([]);
});
