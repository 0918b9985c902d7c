import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RigLife } from '../../adapters/simulator/life.ts';
import { buildRig } from '../../adapters/simulator/rig.ts';
import { Schedule } from '../../adapters/simulator/schedule.ts';
import { rigIndices } from '../../adapters/simulator/targets.ts';
import { TroubledLife } from '../../adapters/simulator/troubled-life.ts';
import { type Trouble, troublesOfDay } from '../../adapters/simulator/troubles.ts';
import { workStates } from '../../src/domain/work-state.ts';
import { epochMs, hourMs, indexOf, samplesOf, total, zooOf } from './farms.ts';

const dayMs = 24 * hourMs;
const farm = zooOf();
const instants = fc.integer({ min: 0, max: 3 * 24 * 3600 }).map((seconds) => epochMs + seconds * 1000);

/** Troubles of many rigs and days, by kind. */
function troublesByKind(): Map<Trouble['kind'], Trouble[]> {
  const all = Array.from({ length: 40 }, (_, number) =>
    [0, 1, 2].flatMap((day) => troublesOfDay({ seed: 7, number, cards: 3, exporters: 2 }, epochMs + day * dayMs)),
  );
  return Map.groupBy(all.flat(), ({ kind }) => kind);
}

describe('troubles', () => {
  it('do not overlap, and end on the day that they begin', () => {
    for (let number = 0; number < 60; number++) {
      const troubles = troublesOfDay({ seed: 3, number, cards: 6, exporters: 1 }, epochMs);
      for (const [at, { fromMs, toMs }] of troubles.entries()) {
        expect(toMs).toBeGreaterThan(fromMs);
        expect(toMs).toBeLessThanOrEqual(troubles[at + 1]?.fromMs ?? epochMs + dayMs);
      }
    }
  });

  it.each<[Trouble['kind'], number, number]>([
    ['pause', 20, 70],
    ['fallen', 600, 2_400],
    ['sleep', 360, 780],
    ['reboot', 180, 360],
    ['silence', 120, 360],
    ['outage', 7_200, 18_000],
  ])('%s lasts %i to %i seconds', (kind, shortest, longest) => {
    const lasted = (troublesByKind().get(kind) ?? []).map(({ fromMs, toMs }) => (toMs - fromMs) / 1000);
    expect(lasted.length).toBeGreaterThan(5);
    expect(Math.min(...lasted)).toBeGreaterThanOrEqual(shortest);
    expect(Math.max(...lasted)).toBeLessThanOrEqual(longest);
  });

  it('strike nobody where they are switched off, nor the demo', () => {
    const calm = zooOf({ troubles: false });
    for (let hour = 0; hour < 72; hour++) {
      for (const target of calm.targets) expect(calm.isSilent(target, epochMs + hour * hourMs + 7)).toBe(target.down);
    }
  });
});

describe('a troubled life', () => {
  it('counts exactly what its gauges say', () => {
    let offSeconds = 0;
    for (const name of ['qc-riser-01', 'tx-3090-01', 'tx-own-01', 'qc-hive-01', 'qc-s19-lame-01']) {
      const index = indexOf(farm, name);
      const options = farm.options;
      const rig = buildRig(options, index);
      const schedule = new Schedule(
        { seed: options.seed, number: index, cards: rig.cards.length, exporters: 1 },
        epochMs,
      );
      const life = new TroubledLife(new RigLife(options, rig), rig, schedule);
      const card = rig.cards.at(-1)!;
      let [joules, hashes] = [0, 0];
      const seconds = { off: 0, rented: 0, mining: 0, busy: 0, idle: 0 };
      // Everything changes on whole seconds.
      for (let atMs = epochMs; atMs < epochMs + dayMs; atMs += 1000) {
        joules += life.watts(card, atMs);
        hashes += life.hashesPerSecond(card, atMs);
        seconds[life.activity(card, atMs)] += 1;
      }
      expect(life.secondsBy(card, epochMs + dayMs), name).toEqual(seconds);
      expect(life.joules(card, epochMs + dayMs) / joules, name).toBeCloseTo(1, 9);
      if (hashes > 0) expect(life.hashes(card, epochMs + dayMs) / hashes, name).toBeCloseTo(1, 9);
      offSeconds += seconds.off;
    }
    expect(offSeconds).toBeGreaterThan(600);
  });

  it('says the same whatever was asked before', () => {
    fc.assert(
      fc.property(instants, instants, (atMs, otherMs) => {
        const used = zooOf();
        used.truth(otherMs);
        expect(used.truth(atMs)).toEqual(zooOf().truth(atMs));
      }),
      { numRuns: 6 },
    );
  });

  it('moves the boot time and begins counters anew when a rig is switched on again', () => {
    const nvidia = farm.targets.filter(({ exporter }) => exporter === 'nvidia_gpu_exporter');
    let boots = 0;
    for (const target of nvidia) {
      for (let atMs = epochMs; atMs < epochMs + 2 * dayMs; atMs += 5 * 60_000) {
        const [before, after] = [farm.readRig(target.rig!, atMs), farm.readRig(target.rig!, atMs + 5 * 60_000)];
        if (after.bootMs === before.bootMs) continue;
        boots++;
        expect(after.bootMs).toBeGreaterThan(atMs);
        for (const { joulesCounted, hashesCounted } of after.cards) {
          expect(joulesCounted).toBeLessThan(400 * 300);
          expect(hashesCounted).toBeLessThan(70e6 * 300);
        }
      }
    }
    expect(boots).toBeGreaterThan(3);
  });
});

describe('the truth of a zoo', () => {
  it('adds up to the seconds that are owned, and from part to part', () => {
    fc.assert(
      fc.property(instants, instants, instants, (...times) => {
        const [fromMs = 0, middleMs = 0, toMs = 0] = times.toSorted((a, b) => a - b);
        const [first, second, whole] = [
          farm.truth(middleMs, fromMs),
          farm.truth(toMs, middleMs),
          farm.truth(toMs, fromMs),
        ];
        const units = (account: typeof whole) => [
          ...account.gpus,
          ...(account.asics ?? []),
          ...(account.processors ?? []),
        ];
        for (const [at, unit] of units(whole).entries()) {
          const seconds = workStates.reduce((sum, state) => sum + unit.stateSeconds[state], 0);
          expect(seconds).toBeCloseTo((toMs - fromMs) / 1000, 3);
          const parts = [units(first)[at]!, units(second)[at]!];
          expect(parts[0]!.joules + parts[1]!.joules).toBeCloseTo(unit.joules, 0);
        }
        expect(first.payoutsUsd + second.payoutsUsd).toBeCloseTo(whole.payoutsUsd, 6);
        for (const [rig, seconds] of Object.entries(whole.unseenSeconds ?? {})) {
          expect(first.unseenSeconds![rig]! + second.unseenSeconds![rig]!).toBeCloseTo(seconds, 6);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('knows how long an exporter was dead while its rig worked', () => {
    const account = farm.truth(epochMs + dayMs);
    let compared = 0;
    for (const index of rigIndices(farm.options).slice(0, 6)) {
      const { name, down } = farm.rig(index);
      if (down) continue;
      const own = farm.targets.filter((target) => target.rig === index);
      const shared = farm.targets.filter(({ exporter }) => exporter === 'vastai_exporter');
      const speaking = farm.rig(index).machine === null ? [] : shared;
      const isOff = (atMs: number) => farm.readRig(index, atMs).cards.every(({ activity }) => activity === 'off');
      let seconds = 0;
      for (let atMs = epochMs; atMs < epochMs + dayMs; atMs += 1000) {
        const isDead = own.some((target) => farm.isSilent(target, atMs)) && !isOff(atMs);
        if (isDead || speaking.some((target) => farm.isSilent(target, atMs))) seconds++;
      }
      expect(account.unseenSeconds?.[name], name).toBe(seconds);
      compared += seconds;
    }
    expect(compared).toBeGreaterThan(300);
  }, 30_000);

  it('has the joules of the meter and the revenue that the rig prints', () => {
    const target = farm.targets.find(({ path }) => path === '/rigs/tx-own-01/node_exporter/metrics')!;
    const revenue = (atMs: number) => total(samplesOf(farm.render(target, atMs)), 'rig_revenue_usd_total');
    const answers = (atMs: number) => !farm.isSilent(target, atMs);
    const fromMs = [...Array(60).keys()].map((minute) => epochMs + hourMs + minute * 60_000).find(answers)!;
    const toMs = [...Array(60).keys()].map((minute) => epochMs + 30 * hourMs + minute * 60_000).find(answers)!;
    const account = farm.truth(toMs, fromMs);
    const earned = account.revenues?.find(({ rig }) => rig === 'tx-own-01');
    expect(earned?.platform).toBe('clore');
    expect(revenue(toMs) - revenue(fromMs)).toBeCloseTo(earned!.usd, 3);
    expect(earned!.usd).toBeGreaterThan(1);
    const cards = account.gpus.filter(({ rig }) => rig === 'tx-own-01').reduce((sum, { joules }) => sum + joules, 0);
    expect(account.wallJoules!['tx-own-01']).toBeGreaterThan(cards / 0.93);
  });
});
