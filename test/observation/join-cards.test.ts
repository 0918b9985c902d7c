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

describe('exporters that number the cards differently', () => {
  const mixed = nvidia(
    { uuid: 'aa', index: 0, bus: '00000000:01:00.0' },
    { uuid: 'bb', index: 1, bus: '00000000:0A:00.0', name: 'NVIDIA GeForce RTX 3070' },
  );
  const reversed = lolminer('0a:00.0', '01:00.0');

  it('are tied by name, and it is said', () => {
    const { conflicts } = joinCards([target(two, 1), target(reversed, 2)]);
    expect(conflicts).toEqual([
      {
        kind: 'card-order',
        message: expect.stringMatching(/nvidia_gpu_exporter and lolminer_exporter number the cards differently/),
        remedy: expect.stringMatching(/--pci-indexing/),
      },
    ]);
    expect(joinCards([target(two, 1), target(lolminer('01:00.0', '0a:00.0'), 2)]).conflicts).toEqual([]);
  });

  it('prove that an index alone ties nothing', () => {
    const { cards, loose, problems } = joined([
      target(two, 1),
      target(reversed, 2),
      target(trex('a1', { id: 0 }, { id: 1 }), 3),
    ]);
    expect(cards.map((card) => card.slice(4))).toEqual(Array(2).fill('nvidia_gpu_exporter, lolminer_exporter'));
    expect(loose).toEqual(['trex_exporter 0', 'trex_exporter 1']);
    expect(problems).toEqual([expect.stringMatching(/prints only the index of card 0/)]);
  });

  it('show in the models alone, which then tie what each of them is there once of', () => {
    const swapped = trex('a1', { id: 0, name: 'RTX 3070' }, { id: 1, name: 'RTX 3090' });
    const { cards, loose, conflicts } = joinCards([target(mixed, 1), target(swapped, 3)]);
    expect(cards.map(({ readings }) => readings.map(({ slot }) => slot))).toEqual([
      ['aa', '1'],
      ['bb', '0'],
    ]);
    expect(loose).toEqual([]);
    expect(conflicts).toEqual([
      {
        kind: 'card-order',
        message: expect.stringMatching(/^trex_exporter numbers .* tied by their models/),
        remedy: expect.any(String),
      },
    ]);
  });

  it('leave a model that is there once, whatever its index', () => {
    const swapped = trex('a1', { id: 0, name: 'RTX 3070' }, { id: 1, name: 'RTX 3090' });
    const { cards } = joinCards([target(mixed, 1), target(reversed, 2), target(swapped, 3)]);
    expect(cards.map(({ readings }) => readings.map(({ slot }) => slot))).toEqual([
      ['aa', '1', '1'],
      ['bb', '0', '0'],
    ]);
  });
});

describe('cards that were known', () => {
  const once = (uuid: string, index: number, bus: string | null = null, model = 'RTX 3090') => ({
    uuid,
    index,
    bus,
    model,
  });
  const names = (text: string, known: Parameters<typeof joinCards>[1]) =>
    joinCards([target(text, 1)], known).cards.map(({ uuid, bus, index }) => uuid ?? bus ?? `#${index}`);

  it.each<[string, string, Parameters<typeof joinCards>[1], readonly string[]]>([
    ['by index', trex('w', { id: 0 }, { id: 1 }), [once('aa', 0), once('bb', 1)], ['aa', 'bb']],
    ['by bus', lolminer('0a:00.0'), [once('aa', 0), once('bb', 1, '0000:0a:00.0')], ['bb']],
    ['not of another number', trex('w', { id: 0 }), [once('aa', 0), once('bb', 1)], ['#0']],
    ['not of another model', trex('w', { id: 0, name: 'RTX 3070' }), [once('aa', 0)], ['#0']],
    ['not of an index that two had', trex('w', { id: 0 }, { id: 1 }), [once('aa', 0), once('bb', 0)], ['#0', '#1']],
    ['not over a UUID that is printed', nvidia({ uuid: 'cc', index: 0 }), [once('aa', 0)], ['cc']],
  ])('lend their names: %s', (_name, text, known, cards) => {
    expect(names(text, known)).toEqual(cards);
  });
});

it('cards whose UUIDs are redacted are as many as they are', () => {
  const lines = [0, 1].map((gpu) => `DCGM_FI_DEV_GPU_TEMP{gpu="${gpu}",UUID="GPU-${zero}",modelName="A100"} 60\n`);
  const { cards } = joinCards([readingOf(lines.join(''))]);
  expect(cards.map(({ uuid, index }) => [uuid, index])).toEqual([
    [null, 0],
    [null, 1],
  ]);
});

it('a UUID that one exporter prints for cards in several places names none of them', () => {
  const cloned = amd('aa', 'aa', 'bb');
  expect(joinCards([cloned]).cards.map(({ uuid, bus }) => [uuid, bus])).toEqual([
    [null, '0000:01:00.0'],
    [null, '0000:02:00.0'],
    ['bb', '0000:03:00.0'],
  ]);
  expect(cloned.problems).toEqual([
    'amd_device_metrics_exporter prints the UUID aa for 2 cards: it tells none of them apart',
  ]);
});

it('two cards of one list that another list shows to be one are one', () => {
  const apart = nvidia({ uuid: 'aa', index: 0 }, { uuid: zero, index: 1, bus: '00000000:01:00.0' });
  const both = nvidia({ uuid: 'aa', index: 0, bus: '00000000:01:00.0' });
  expect(joined([target(apart, 1), target(both, 2)]).cards).toHaveLength(1);
});

it('a card that a third exporter ties together is one', () => {
  const byBus = lolminer('01:00.0');
  const byUuid = dcgm({ uuid: 'aa', gpu: 0 });
  const both = nvidia({ uuid: 'aa', index: 0, bus: '00000000:01:00.0' });
  expect(joined([target(byUuid, 1), target(byBus, 2), target(both, 3)]).cards).toEqual([
    'aa: nvidia_gpu_exporter, dcgm-exporter, lolminer_exporter',
  ]);
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

/** Cards of these UUIDs, each in a place of its own, as an exporter prints them that numbers them. */
function amd(...uuids: readonly string[]): TargetReading {
  const lines = uuids.map(
    (uuid, index) => `gpu_package_power{gpu_id="${index}",gpu_uuid="${uuid}",pcie_bus_id="0000:0${index + 1}:00.0"} 60`,
  );
  return readingOf(`${lines.join('\n')}\n`);
}
