import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinCards } from '../../src/domain/observation/join-cards.ts';
import type { TargetReading } from '../../src/domain/observation/target-reading.ts';
import { dcgm, nvidia, readingOf, trex } from './readings.ts';

const target = (text: string, port: number) => readingOf(text, { instance: `a1:${port}` });
const lolminer = (...buses: readonly string[]) =>
  buses
    .map((bus, index) => `lolminer_gpu_info{gpu_index="${index}",name="RTX 3090",pcie_address="${bus}"} 1\n`)
    .join('');

/** Which dialects say something of each card, by UUID, bus or index. */
function joined(targets: readonly TargetReading[]) {
  const { cards, loose, problems } = joinCards(targets);
  return {
    cards: cards.map(
      (card) =>
        `${card.uuid ?? card.bus ?? `#${card.index}`}: ${card.readings.map(({ dialect }) => dialect.id).join(', ')}`,
    ),
    loose: loose.map(({ dialect, slot }) => `${dialect.id} ${slot}`),
    problems,
  };
}

const two = nvidia(
  { uuid: 'aa', index: 0, bus: '00000000:01:00.0' },
  { uuid: 'bb', index: 1, bus: '00000000:0A:00.0' },
);
const zero = '00000000-0000-0000-0000-000000000000';

describe('joining cards', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'the same UUID',
      [two, dcgm({ uuid: 'BB', gpu: 0 })],
      ['aa: nvidia_gpu_exporter', 'bb: nvidia_gpu_exporter, dcgm-exporter'],
    ],
    [
      'another UUID is another card',
      [two, dcgm({ uuid: 'cc', gpu: 0 })],
      ['aa: nvidia_gpu_exporter', 'cc: dcgm-exporter', 'bb: nvidia_gpu_exporter'],
    ],
    [
      'the same bus in another order',
      [two, lolminer('0a:00.0', '01:00.0')],
      ['aa: nvidia_gpu_exporter, lolminer_exporter', 'bb: nvidia_gpu_exporter, lolminer_exporter'],
    ],
    [
      'a bus that is decimal or hexadecimal: the index ties it, and no other card of that bus',
      [
        nvidia({ uuid: 'aa', index: 0, bus: '00000000:0A:00.0' }, { uuid: 'bb', index: 1, bus: '00000000:10:00.0' }),
        lolminer('10:0', '16:0'),
      ],
      ['aa: nvidia_gpu_exporter, lolminer_exporter', 'bb: nvidia_gpu_exporter, lolminer_exporter'],
    ],
    [
      'a miner on one card of two, by its bus',
      [two, lolminer('0a:00.0')],
      ['aa: nvidia_gpu_exporter', 'bb: nvidia_gpu_exporter, lolminer_exporter'],
    ],
    [
      'the index where both count the same',
      [two, trex('a1', { id: 0 }, { id: 1 })],
      ['aa: nvidia_gpu_exporter, trex_exporter', 'bb: nvidia_gpu_exporter, trex_exporter'],
    ],
    [
      'an all-zero UUID is none: the index ties it',
      [nvidia({ uuid: zero, bus: '01:00.0' }), dcgm({ uuid: 'aa', gpu: 0 })],
      ['aa: dcgm-exporter, nvidia_gpu_exporter'],
    ],
    ['a miner alone', [trex('a1', { id: 0 }, { id: 1 })], ['#0: trex_exporter', '#1: trex_exporter']],
    ['nobody', [], []],
  ])('%s', (_name, texts, cards) => {
    expect(joined(texts.map(target))).toEqual({ cards, loose: [], problems: [] });
  });

  it('one target with the series of two exporters counts each card once', () => {
    expect(joined([target(two + trex('a1', { id: 0 }, { id: 1 }), 9100)])).toEqual({
      cards: ['aa: nvidia_gpu_exporter, trex_exporter', 'bb: nvidia_gpu_exporter, trex_exporter'],
      loose: [],
      problems: [],
    });
  });

  it('the memory size that a miner leaves away is no other model', () => {
    const text = nvidia({ uuid: 'aa', name: 'NVIDIA GeForce RTX 3080 12GB' });
    expect(joined([target(text, 1), target(trex('a1', { id: 0, name: 'RTX 3080' }), 2)]).cards).toHaveLength(1);
  });

  it.each<[string, string, RegExp]>([
    ['another number of cards', trex('a1', { id: 0 }), /prints 1 cards?, the rig has 2/],
    ['another model', trex('a1', { id: 0 }, { id: 1, name: 'RTX 3070' }), /card 1 is a RTX 3070, others say RTX 3090/],
    ['an index nobody else has', trex('a1', { id: 0 }, { id: 7 }), /card 7, which has no counterpart/],
    ["a bus that may be another card's, of fewer cards", lolminer('10:0'), /prints 1 card, the rig has 2/],
    ['another bus', lolminer('01:00.0', '0b:00.0'), /another PCI bus for card 1/],
  ])('%s ties nothing, adds no card, and is said', (_name, text, problem) => {
    const { cards, loose, problems } = joined([target(two, 1), target(text, 2)]);
    expect(cards.map((card) => card.slice(0, 2))).toEqual(['aa', 'bb']);
    expect(loose.length).toBeGreaterThan(0);
    expect(problems).toEqual([expect.stringMatching(problem)]);
  });
});

it('the earlier dialect is asked first, in whatever order targets come', () => {
  const first = target(nvidia({ uuid: 'aa', lines: ['nvidia_smi_temperature_gpu 50'] }), 9835);
  const second = target(dcgm({ uuid: 'aa', gpu: 0 }), 9400);
  for (const targets of [
    [first, second],
    [second, first],
  ]) {
    expect(joined(targets).cards).toEqual(['aa: nvidia_gpu_exporter, dcgm-exporter']);
  }
});

it('two different UUIDs are never one card, and every UUID is one', () => {
  const uuid = fc.constantFrom('aa', 'bb', 'cc', 'dd', zero);
  const printed = fc.record({ uuid, index: fc.nat(3), bus: fc.constantFrom('01:00.0', '02:00.0', '') });
  fc.assert(
    fc.property(
      fc.array(printed, { maxLength: 4 }),
      fc.array(fc.record({ uuid, gpu: fc.nat(3) }), { maxLength: 4 }),
      (a, b) => {
        const { cards } = joinCards([target(nvidia(...a), 1), target(dcgm(...b), 2)]);
        for (const card of cards) {
          const uuids = new Set(card.readings.map((reading) => reading.uuid).filter((known) => known !== null));
          expect(uuids.size).toBeLessThanOrEqual(1);
        }
        const known = cards.map((card) => card.uuid).filter((found) => found !== null);
        expect(new Set(known).size).toBe(known.length);
      },
    ),
  );
});
