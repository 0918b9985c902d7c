import { expect, it } from 'vitest';
import { fleetLine } from '../../src/chat/fleet-line.ts';
import { sayEnglish } from '../../src/chat/languages/say.ts';
import type { Rig } from '../../src/domain/rig.ts';
import type { WorkState } from '../../src/domain/work-state.ts';
import { asicOf, atMs, gpuOf, miningCard, rigOf } from '../support/rigs.ts';
import { snapshotOf } from '../support/snapshots.ts';

const english = { locale: 'en', timeZone: 'UTC', nowMs: atMs + 12_000, say: sayEnglish('en') };
const cards = (state: WorkState, count: number) => Array.from({ length: count }, () => gpuOf({ state }));

it.each<[string, readonly Rig[]]>([
  ['0 rigs: 0 GPUs mining, 0 rented', []],
  ['1 rig: 1 GPU mining, 0 rented', [rigOf([miningCard()])]],
  [
    '2 rigs: 2 GPUs mining, 3 rented, 1 idle, 1 unknown',
    [
      rigOf([miningCard(), miningCard(), ...cards('rented', 3)]),
      rigOf([...cards('idle-listed', 1), ...cards('unknown', 1)], { name: 'b1' }),
    ],
  ],
  [
    '1 rig: 0 GPUs and 1 ASIC mining, 0 rented',
    [rigOf([], { asics: [asicOf({ state: 'mining' }), asicOf({ key: 'a1/asic#1' })] })],
  ],
  ['2 rigs, 1 down: 1 GPU mining, 0 rented', [rigOf([miningCard()]), rigOf([], { name: 'b1', state: 'down' })]],
])('%s', (line, rigs) => expect(fleetLine(snapshotOf(rigs), english)).toBe(line));

it('of an hour ago says so, and no figure that may not hold any more', () => {
  const later = { ...english, nowMs: atMs + 3_600_000 };
  expect(fleetLine(snapshotOf([rigOf([miningCard()])]), later)).toBe('stale: the last observation is 1 h ago');
});
