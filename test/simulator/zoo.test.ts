import { beforeAll, describe, expect, it } from 'vitest';
import { configurationYaml } from '../../adapters/simulator/configuration.ts';
import type { Farm } from '../../adapters/simulator/farm.ts';
import { stateOf } from '../../adapters/simulator/reading.ts';
import { rigIndices } from '../../adapters/simulator/targets.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { dialects } from '../../src/data/dialects/index.ts';
import type { Rig } from '../../src/domain/rig.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { noStates } from '../../src/domain/work-state.ts';
import { createObserver, type Observer } from '../../src/fleet/observe.ts';
import { missingSamples, sampleText } from '../support/samples.ts';
import { farmSource } from './farm-source.ts';
import { epochMs, hourMs, indexOf, samplesOf, zooOf } from './farms.ts';

const farm = zooOf({ troubles: false });
let nowMs = epochMs + 30 * hourMs + 12_345;

async function observerOf(observed: Farm): Promise<Observer> {
  const config = await parseConfig(configurationYaml(observed, 'http://127.0.0.1:9'), {
    path: null,
    env: {},
    readFile: () => Promise.reject(new Error('none')),
  });
  const source = farmSource(observed, { now: () => nowMs });
  return createObserver({ source, farm: config.farm, metrics: config.metrics });
}

function look(observer: Observer): Promise<Snapshot> {
  return observer.observe(AbortSignal.timeout(20_000));
}

function trueStates(observed: Farm): Record<string, Record<string, number>> {
  return Object.fromEntries(
    rigIndices(observed.options).map((index) => {
      const { rig, cards } = observed.readRig(index, nowMs);
      const counts = noStates();
      const isKnown = rig.kind.units === undefined && !rig.down;
      for (const { activity } of isKnown ? cards : []) counts[stateOf(rig, activity)]++;
      return [rig.name, counts];
    }),
  );
}

describe('pages of the zoo', () => {
  it('parse as text exposition without a duplicate', () => {
    for (const target of farm.targets) {
      const page = farm.render(target, nowMs);
      const series = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      // The independent parser takes a comment for a sample that has no space after its mark.
      expect(samplesOf(page.replaceAll(/^#(?! ).*$/gm, '')), target.path).toHaveLength(series.length);
      expect(new Set(series.map((line) => line.slice(0, line.lastIndexOf(' '))).values()).size, target.path).toBe(
        series.length,
      );
      expect(page, target.path).not.toMatch(/NaN|undefined|null/);
      const families = [...page.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]);
      expect(new Set(families).size, target.path).toBe(families.length);
    }
  });

  it('show every dialect that Rigshift reads', async () => {
    const { rigs } = await look(await observerOf(farm));
    const spoken = new Set(rigs.flatMap(({ exporters }) => exporters.flatMap((exporter) => exporter.dialects)));
    const expected = dialects.map(({ id }) => id).filter((id) => id !== 'vastai_exporter');
    expect([...expected, 'farmx', 'speedtest'].filter((id) => !spoken.has(id))).toEqual([]);
  });

  it.skipIf(missingSamples()).each([
    ['amd_device_metrics_exporter.prom', '/rigs/tx-mi210-01/amd_device_metrics_exporter/metrics'],
    ['smartctl_exporter.prom', '/rigs/tx-mi210-01/smartctl_exporter/metrics'],
  ])('as in the recorded %s', (file, path) => {
    const target = farm.targets.find((candidate) => candidate.path === path)!;
    const shapes = (text: string) =>
      new Map(
        samplesOf(text.replaceAll(/^#.*$/gm, '')).map(({ name, labels }) => [name, Object.keys(labels).sort().join()]),
      );
    const recorded = shapes(sampleText(`exposition/${file}`));
    for (const [name, labels] of shapes(farm.render(target, nowMs)))
      expect([name, recorded.get(name)]).toEqual([name, labels]);
  });
});

describe('a zoo in which nothing breaks', () => {
  it('is seen as it is', async () => {
    const observer = await observerOf(farm);
    for (let observation = 0; observation < 8; observation++) {
      nowMs += 41 * 60_000;
      const { rigs } = await look(observer);
      expect(Object.fromEntries(rigs.map(({ name, gpuStates }) => [name, gpuStates]))).toEqual(trueStates(farm));
    }
  });

  describe('rig by rig', () => {
    let snapshot: Snapshot;
    beforeAll(async () => {
      nowMs = epochMs + 30 * hourMs + 12_345;
      snapshot = await look(await observerOf(farm));
    });
    const rig = (name: string): Rig => snapshot.rigs.find((candidate) => candidate.name === name)!;
    const truth = (name: string) => farm.readRig(indexOf(farm, name), nowMs);
    const sum = (values: readonly (number | null)[]) =>
      values.reduce<number>((total, value) => total + (value ?? 0), 0);

    it.each([
      'qc-rx6800-01',
      'qc-hive-01',
      'qc-hive-rx-01',
      'qc-nice-01',
      'qc-nice-solo-01',
      'qc-xmr-01',
      'tx-own-01',
      'qc-drv470-01',
      'qc-order-01',
      'qc-order-alike-01',
      'qc-farmx-01',
    ])('%s hashes what it really does', (name) => {
      const { gpus, looseMiners } = rig(name);
      const hashrate = sum([...gpus, ...looseMiners].map((unit) => unit.hashrate));
      const real = sum(truth(name).cards.map((card) => card.hashesPerSecond));
      expect(real === 0 ? 1 + hashrate : hashrate / real).toBeCloseTo(1, 3);
    });

    it.each(['qc-rx6800-01', 'tx-mi300-01', 'tx-mi210-01', 'qc-hive-01', 'tx-own-01', 'tx-k8s-01', 'qc-farmx-01'])(
      '%s has the watts and temperatures of its cards',
      (name) => {
        const { gpus } = rig(name);
        const { cards } = truth(name);
        expect(gpus).toHaveLength(cards.length);
        expect(sum(gpus.map((gpu) => gpu.powerWatts)) / sum(cards.map(({ watts }) => watts))).toBeCloseTo(1, 2);
        const celsius = gpus.map((gpu) => gpu.coreTemperatureCelsius).sort();
        const known =
          name === 'tx-mi210-01' ? cards.map(() => null) : cards.map(({ coreCelsius }) => coreCelsius).sort();
        expect(celsius).toEqual(known);
      },
    );

    it('an RX 6800 is known by the kernel and tied to its miner by bus, whatever that numbers', () => {
      const { gpus } = rig('qc-rx6800-01');
      expect(gpus.map(({ index, bus }) => [index, bus])).toEqual([
        [0, '0000:09:00.0'],
        [1, '0000:06:00.0'],
        [2, '0000:03:00.0'],
      ]);
      expect(gpus[0]).toMatchObject({
        model: 'RX 6800',
        pcieWidth: 1,
        pcieWidthMax: 16,
        vramTotalBytes: 16_368 * 2 ** 20,
      });
      expect(gpus[0]?.memoryTemperatureCelsius).toBeGreaterThan(70);
    });

    it('an MI300X says no edge temperature, and which pod holds it', () => {
      const [gpu] = rig('tx-mi300-01').gpus;
      expect(gpu).toMatchObject({ model: 'Instinct MI300X', processes: ['llama-0'], state: 'busy' });
      expect(gpu?.vramTotalBytes).toBe(196_592 * 2 ** 20);
    });

    it('HiveOS prints one rig in kH/s and one in MH/s, and a stranger under the number of a card', () => {
      expect(rig('qc-hive-01').gpus).toHaveLength(3);
      expect(rig('qc-hive-01').problems).toEqual([]);
      expect(rig('qc-hive-rx-01').problems.join()).toContain('in a unit of its own');
    });

    it('NiceHash names a processor that is no card', () => {
      const models = rig('qc-nice-01').gpus.map(({ model }) => model);
      expect(models.toSorted()).toEqual(['RTX 2080 Ti', 'RTX 3070', 'RTX 3080']);
    });

    it('ASICs are seen with what their exporters know', () => {
      const asic = (name: string) => rig(name).asics[0];
      expect(asic('qc-s19-01')).toMatchObject({ state: 'mining', powerWatts: null });
      expect((asic('qc-s19-01')?.hashrate ?? 0) / 1e12).toBeCloseTo(
        truth('qc-s19-01').cards[0]!.hashesPerSecond / 1e12,
        3,
      );
      expect(asic('qc-s21-01')).toMatchObject({ model: 'Antminer S21', state: 'mining' });
      expect(asic('qc-s21-01')?.powerWatts).toBe(Math.round(truth('qc-s21-01').cards[0]!.watts));
      expect(asic('qc-s9-01')).toMatchObject({ hashrate: null, state: 'unknown' });
    });

    it('its operator prints the power at the wall, rentals and revenue', () => {
      const { cards, rentedCards, revenueUsd } = truth('tx-own-01');
      const { wallWatts, rentals } = rig('tx-own-01');
      expect(wallWatts).toBeCloseTo((sum(cards.map(({ watts }) => watts)) + 180) / 0.93, 0);
      expect(rentals).toEqual([{ platform: 'clore', gpus: rentedCards }]);
      const payout = snapshot.payouts.find(({ instance }) => instance === 'rig:tx-own-01');
      expect(payout?.paidPlusPendingUsd).toBeCloseTo(revenueUsd, 3);
      expect(revenueUsd).toBeGreaterThan(0.1);
    });

    it('an older driver and opt-in counters are read', () => {
      const [older] = rig('qc-drv470-01').gpus;
      expect(older).toMatchObject({ driverVersion: '470.256.02', health: { swThermalSlowdown: 0 } });
      const [optIn] = rig('tx-k8s-01').gpus;
      expect(optIn).toMatchObject({ pcieWidth: 16, pcieGenerationMax: 4, health: { eccUncorrectedVolatile: 0 } });
    });

    it('a miner that numbers cards from the other end is found out where the models differ', () => {
      const { gpus, looseMiners } = rig('qc-order-01');
      // Its models are there once each: they tell which card is which.
      expect(looseMiners).toEqual([]);
      expect(gpus.map(({ hashrate, sharesAccepted }) => hashrate !== null && sharesAccepted !== null)).toEqual(
        gpus.map(() => true),
      );
      expect(snapshot.conflicts.map(({ rigs }) => rigs)).toContainEqual(['qc-order-01']);
      expect(rig('qc-order-alike-01').problems).toEqual([]);
    });

    it('servers have disks, a line and a probe', () => {
      const { host } = rig('tx-mi210-01');
      expect(host.disks?.[0]).toMatchObject({ device: 'nvme0n1', smartPassed: true, availableSpareRatio: 1 });
      expect(host.reachable).toBe(true);
      const lines = snapshot.rigs.flatMap((one) => one.host.lineDownBitsPerSecond ?? []);
      // A test that failed is no speed of 0.
      expect(lines.length).toBeGreaterThan(1);
      expect(Math.min(...lines)).toBeGreaterThan(9e8);
    });
  });
});
