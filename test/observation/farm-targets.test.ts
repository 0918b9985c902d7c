import { describe, expect, it } from 'vitest';
import { joinTargets } from '../../src/domain/observation/join-targets.ts';
import { rigPayouts } from '../../src/domain/observation/rig-payouts.ts';
import type { TargetReading } from '../../src/domain/observation/target-reading.ts';
import { atMs } from '../support/rigs.ts';
import { assembleAll } from './assemble-all.ts';
import { failedReading, node, noRules, nvidia, readingOf, type Target } from './readings.ts';

const hive = (...rigs: readonly string[]) =>
  rigs
    .map((rig) => `hiveos_gpu_hashrate{rig="${rig}",card="0",model="RX 580",brand="amd",coin="etc"} 30000\n`)
    .join('');
const at = (instance: string, known: Target = {}): Target => ({ instance, ...known });
const named = (readings: readonly TargetReading[]) =>
  assembleAll(readings).map(({ name, gpus, wallWatts, state }) => ({ name, cards: gpus.length, wallWatts, state }));

describe('an exporter of many rigs', () => {
  it('brings each of them, and is none itself', () => {
    const reading = readingOf(hive('alpha', 'beta'), at('hive:9101'));
    expect(assembleAll([reading])).toMatchObject([
      {
        name: 'alpha',
        state: 'up',
        instances: ['hive:9101'],
        gpus: [{ hashrate: 30e6, coin: 'ETC', state: 'mining' }],
      },
      { name: 'beta', gpus: [{ hashrate: 30e6 }] },
    ]);
    expect(reading.isAccount).toBe(true);
  });

  it('adds to a rig that has exporters of its own', () => {
    const own = readingOf(nvidia({ uuid: 'aa', name: 'RX 580' }), at('10.0.0.1:9835', { labels: { rig: 'alpha' } }));
    expect(assembleAll([readingOf(hive('alpha'), at('hive:9101')), own])).toMatchObject([
      { name: 'alpha', instances: ['10.0.0.1:9835', 'hive:9101'], gpus: [{ key: 'aa', hashrate: 30e6 }] },
    ]);
  });

  it('says nothing of the host that it runs on', () => {
    const monitoring = [
      readingOf(node('monitor'), at('hive:9100')),
      readingOf(nvidia({ uuid: 'aa' }), at('hive:9835')),
    ];
    expect(named([...monitoring, readingOf(hive('alpha'), at('hive:9101'))])).toMatchObject([
      { name: 'alpha', cards: 1 },
      { name: 'monitor', cards: 1 },
    ]);
  });

  it('of figures without a name speaks of itself', () => {
    const reading = readingOf('rig_power_watts 900\n', at('a1:9100'));
    expect(named([reading])).toMatchObject([{ name: 'a1', wallWatts: 900 }]);
  });

  it('keeps the names of its series apart from the label of its target', () => {
    const reading = readingOf(hive('alpha', 'beta'), at('hive:9101', { labels: { rig: 'hive' } }));
    expect(named([reading])).toMatchObject([{ name: 'alpha' }, { name: 'beta' }]);
  });

  it('that fails leaves nothing behind, but the rigs that are remembered are still there', () => {
    const reading = readingOf(hive('alpha'), at('hive:9101'));
    reading.fail('truncated', 'ends within line 3');
    expect(reading.parts.size).toBe(0);
    reading.addFailedParts(['alpha']);
    expect([...reading.parts.values()]).toMatchObject([
      { configuredRig: 'alpha', isPart: true, failure: { kind: 'truncated' } },
    ]);
    expect(joinTargets([reading], { ...noRules, accounts: { has: () => true } })).toMatchObject([
      { name: 'alpha', targets: [{ isPart: true }] },
    ]);
  });

  it('that answers has no failed parts', () => {
    const reading = readingOf(hive('alpha'), at('hive:9101'));
    reading.addFailedParts(['beta']);
    expect([...reading.parts.keys()]).toEqual(['alpha']);
  });
});

describe("a rig's own exporter that prints figures by name", () => {
  const figures = (rig: string, watts: number) =>
    `rig_power_watts{rig="${rig}"} ${watts}\nrig_hashrate{rig="${rig}",gpu="0",coin="rvn"} 6e7\n`;

  it('of one name is that rig', () => {
    const text = node('miner-7') + figures('alpha', 900);
    const rigs = assembleAll([
      readingOf(text, at('10.0.0.1:9100')),
      readingOf(nvidia({ uuid: 'aa' }), at('10.0.0.1:9835')),
    ]);
    expect(rigs).toMatchObject([
      {
        name: 'alpha',
        wallWatts: 900,
        gpus: [{ key: 'aa', hashrate: 6e7, coin: 'RVN', state: 'mining' }],
        host: { ramTotalBytes: 8e9 },
        exporters: [{ dialects: ['node_exporter', 'rigshift'] }, { dialects: ['nvidia_gpu_exporter'] }],
      },
    ]);
  });

  it('of several names speaks of each', () => {
    const reading = readingOf(node('monitor') + figures('alpha', 900) + figures('beta', 800), at('m:9100'));
    expect(named([reading])).toMatchObject([
      { name: 'alpha', cards: 1, wallWatts: 900 },
      { name: 'beta', cards: 1, wallWatts: 800 },
      { name: 'monitor', cards: 0, wallWatts: null },
    ]);
  });

  it('of another name than its own speaks of another rig', () => {
    const reading = readingOf(node('m') + figures('alpha', 900), at('m:9100', { rig: 'monitor' }));
    expect(named([reading])).toMatchObject([
      { name: 'alpha', wallWatts: 900 },
      { name: 'monitor', wallWatts: null },
    ]);
  });
});

describe('figures of a rig', () => {
  const rigOf = (text: string) => assembleAll([readingOf(text, at('a1:9100'))])[0];

  it('power at the wall: outlets add up, and one that is unknown makes the sum unknown', () => {
    const outlets = (second: string) =>
      rigOf(`rig_power_watts{psu="1"} 700\nrig_power_watts{psu="2"} ${second}\n`)?.wallWatts;
    expect(outlets('300')).toBe(1000);
    expect(outlets('NaN')).toBeNull();
    expect(rigOf(node('a1'))?.wallWatts).toBeNull();
  });

  it('rentals by platform, none where none is printed', () => {
    const text = 'rig_rented_gpus{platform="clore"} 2\nrig_rented_gpus{platform="salad"} 0\n';
    expect(rigOf(text)?.rentals).toEqual([
      { platform: 'clore', gpus: 2 },
      { platform: 'salad', gpus: 0 },
    ]);
    expect(rigOf(node('a1'))?.rentals).toEqual([]);
  });

  it('rented cards are rented', () => {
    const text = `${nvidia({ uuid: 'aa' }, { uuid: 'bb', index: 1 })}rig_rented_gpus{platform="clore"} 2\n`;
    expect(rigOf(text)?.gpuStates).toMatchObject({ rented: 2 });
  });

  it('revenue is a payout of the rig by platform', () => {
    const text =
      'rig_revenue_usd_total{rig="alpha",platform="clore"} 12.5\nrig_revenue_usd_total{rig="alpha",platform="salad"} 3\n';
    const [group] = joinTargets([readingOf(text, at('hive:9101'))], noRules);
    expect(group === undefined ? [] : rigPayouts(group, 0)).toEqual([
      { platform: 'clore', instance: 'rig:alpha', paidPlusPendingUsd: 12.5, sampledAtMs: atMs },
      { platform: 'salad', instance: 'rig:alpha', paidPlusPendingUsd: 3, sampledAtMs: atMs },
    ]);
  });
});

describe('a probe from outside', () => {
  const probe = (value: number, instance = 'a1:22') =>
    readingOf(`probe_success ${value}\n`, at(instance, { labels: { job: 'blackbox' } }));

  it.each<[readonly number[], boolean]>([
    [[1], true],
    [[0], false],
    [[0, 1], true],
  ])('%j reached its rig: %s', (values, reachable) => {
    const probes = values.map((value, index) => probe(value, `a1:${index}`));
    expect(assembleAll([...probes, readingOf(node('a1'), at('a1:9100'))])).toMatchObject([{ host: { reachable } }]);
  });

  it('of several in one scrape one that came through is proof', () => {
    const lines = ['probe_success{module="icmp"} 1\n', 'probe_success{module="tcp"} 0\n'];
    const reading = (text: readonly string[]) => readingOf(text.join(''), at('a1:22'));
    expect([reading(lines), reading(lines.toReversed())].map(({ host }) => host?.reachable)).toEqual([true, true]);
  });

  it('counts neither for nor against the state of the rig', () => {
    const [down] = assembleAll([probe(1), failedReading(at('a1:9100'))]);
    expect(down).toMatchObject({ state: 'down', sampledAtMs: null, host: { reachable: true } });
    expect(assembleAll([probe(0), readingOf(node('a1'), at('a1:9100'))])).toMatchObject([{ state: 'up' }]);
  });

  it('is unknown where nobody probes', () => {
    expect(assembleAll([readingOf(node('a1'), at('a1:9100'))])).toMatchObject([{ host: { reachable: null } }]);
  });
});
