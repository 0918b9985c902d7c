import { describe, expect, it } from 'vitest';
import type { SeriesMapping } from '../../src/domain/dialect.ts';
import { dialectOf, failedReading, node, readingOf, rigOfTargets } from './readings.ts';

const series: Readonly<Record<string, SeriesMapping>> = {
  asic_ghs: { kind: 'asic', signal: 'hashrate', unit: 'GH/s' },
  asic_ghs_av: { kind: 'asic', signal: 'hashrate', unit: 'GH/s', fallback: true },
  asic_power: { kind: 'asic', signal: 'powerWatts', unit: 'W', unknown: [0] },
  asic_temp: { kind: 'asic', signal: 'temperatureCelsius', unit: 'celsius' },
  asic_accepted: { kind: 'asic', signal: 'sharesAccepted', unit: 'count', sum: true },
  asic_info: { kind: 'asic-info', model: 'type' },
  asic_work: { kind: 'miner-algorithm', label: 'algo' },
};
const dialects = [
  dialectOf({ id: 'first', series }),
  dialectOf({
    id: 'second',
    series: {
      other_ths: { kind: 'asic', signal: 'hashrate', unit: 'TH/s' },
      other_power: { kind: 'asic', signal: 'powerWatts', unit: 'W' },
    },
  }),
];
const target = (lines: readonly string[], port = 1) =>
  readingOf(`${lines.join('\n')}\n`, { instance: `s1:${port}`, dialects });
const mining = ['asic_ghs 110000', 'asic_power 3250'];

it('a rig without GPUs that hashes', () => {
  const lines = [
    ...mining,
    'asic_temp{board="0"} 60',
    'asic_temp{board="1"} 71',
    'asic_accepted{pool="0"} 5',
    'asic_accepted{pool="1"} 2',
    'asic_info{type="Antminer S19"} 1',
    'asic_work{algo="SHA256"} 1',
  ];
  const rig = rigOfTargets([target(lines)]);
  expect(rig.gpus).toEqual([]);
  expect(Object.values(rig.gpuStates).every((count) => count === 0)).toBe(true);
  expect(rig.asics).toEqual([
    {
      key: 'a1/asic#0',
      model: 'Antminer S19',
      hashrate: 1.1e14,
      algorithm: 'sha256',
      coin: null,
      powerWatts: 3250,
      temperatureCelsius: 71,
      sharesAccepted: 7,
      sharesRejected: null,
      hardwareErrors: null,
      state: 'mining',
      stateEvidence: 'hashrate above 0',
      stateSinceMs: null,
      unsettled: null,
    },
  ]);
});

describe('its state', () => {
  it.each<[readonly string[], object]>([
    [['asic_ghs 0', 'asic_ghs_av 90000'], { state: 'idle-unlisted', hashrate: 0 }],
    [['asic_ghs_av 90000'], { state: 'mining', hashrate: 9e13 }],
    [['asic_power 3250'], { state: 'unknown', hashrate: null }],
  ])('%j', (lines, asic) => {
    expect(rigOfTargets([target(lines)]).asics).toMatchObject([asic]);
  });

  it('is down with the rig, unknown while only its exporter fails, and down where that prints it no more', () => {
    const knownAsics = rigOfTargets([target(mining)]).asics;
    const seen = (targets: Parameters<typeof rigOfTargets>[0]) =>
      rigOfTargets(targets, { knownAsics }).asics.map(({ state, hashrate }) => `${state} ${hashrate}`);
    expect(seen([failedReading({ instance: 's1:1' })])).toEqual(['down null']);
    expect(seen([failedReading({ instance: 's1:1' }), readingOf(node('s1'), { instance: 's1:9100' })])).toEqual([
      'unknown null',
    ]);
    expect(seen([readingOf(node('s1'), { instance: 's1:9100' })])).toEqual(['down null']);
    expect(seen([target(mining)])).toEqual(['mining 110000000000000']);
  });
});

it('two targets are two machines, two kinds of exporters see one', () => {
  expect(rigOfTargets([target(mining, 1), target(mining, 2)]).asics.map(({ key }) => key)).toEqual([
    'a1/asic#0',
    'a1/asic#1',
  ]);
  const both = rigOfTargets([target(['asic_ghs 110000'], 1), target(['other_ths 108', 'other_power 3300'], 2)]);
  expect(both.asics).toMatchObject([{ hashrate: 1.1e14, powerWatts: 3300 }]);
  expect(both.problems).toEqual([]);
});

it('where two kinds count differently, one counts and it is said', () => {
  const silentOnPower = ['asic_ghs 110000'];
  const rig = rigOfTargets([target(silentOnPower, 1), target(silentOnPower, 2), target(['other_power 3300'], 3)]);
  expect(rig.asics).toMatchObject([{ powerWatts: null }, { powerWatts: null }]);
  expect(rig.problems).toEqual([
    'second and first do not print the same number of ASICs (1 and 2): those of first count',
  ]);
});
