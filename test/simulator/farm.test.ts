import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastPayoutMs } from '../../adapters/simulator/account.ts';
import { epochFor, type Farm } from '../../adapters/simulator/farm.ts';
import { workStates } from '../../src/domain/work-state.ts';
import { epochMs, farmOf, hourMs, samplesOf, targetsOf, total } from './farms.ts';

const instants = fc.integer({ min: 0, max: 48 * hourMs }).map((sinceEpoch) => epochMs + sinceEpoch);

function everything(farm: Farm, atMs: number): string {
  return farm.targets.map((target) => (target.down ? '' : farm.render(target, atMs))).join('\n');
}

describe('determinism', () => {
  it('one seed, one instant, one text, whatever was asked before', () => {
    fc.assert(
      fc.property(instants, instants, (atMs, otherMs) => {
        const fresh = farmOf({ gpus: 2 });
        const used = farmOf({ gpus: 2 });
        everything(used, otherMs);
        expect(everything(used, atMs)).toBe(everything(fresh, atMs));
      }),
      { numRuns: 8 },
    );
  });

  it('another seed is another farm, of the same rigs', () => {
    const one = farmOf({ seed: 1 });
    const other = farmOf({ seed: 2 });
    expect(everything(other, epochMs + hourMs)).not.toBe(everything(one, epochMs + hourMs));
    expect(other.targets).toEqual(one.targets);
  });

  it('values move with time', () => {
    const farm = farmOf();
    for (const target of targetsOf(farm, 'trex_exporter')) {
      expect(farm.render(target, epochMs + hourMs)).not.toBe(farm.render(target, epochMs + hourMs + 60_000));
    }
  });

  it('begins at midnight of the day before', () => {
    expect(new Date(epochFor(Date.parse('2026-10-02T14:30:20Z'))).toISOString()).toBe('2026-10-01T00:00:00.000Z');
  });
});

describe('counters', () => {
  it('never decrease', () => {
    const farm = farmOf({ gpus: 2 });
    const counters = (atMs: number) =>
      new Map(
        farm.targets
          .filter(({ down }) => !down)
          .flatMap((target) => samplesOf(farm.render(target, atMs)).map((sample) => ({ target, sample })))
          // T-Rex's counts are declared gauges, and the netstat ones untyped.
          .filter(
            ({ sample }) =>
              sample.type === 'COUNTER' || /^trex_gpu_(?:accepted|rejected|invalid)_count$/.test(sample.name),
          )
          .map(({ target, sample }) => [
            `${target.path} ${sample.name} ${JSON.stringify(sample.labels)}`,
            sample.value,
          ]),
      );
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 4 * hourMs }), (atMs, laterMs) => {
        const before = counters(atMs);
        const after = counters(atMs + laterMs);
        expect(before.size).toBeGreaterThan(500);
        const fallen = [...before].filter(([series, value]) => after.has(series) && (after.get(series) ?? 0) < value);
        expect(fallen).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it('energy counters grow by the energy of the truth', () => {
    const farm = farmOf();
    const fromMs = epochMs + 7.3 * hourMs;
    const toMs = epochMs + 31.77 * hourMs;
    const truth = farm.truth(toMs, fromMs);
    const growth = (exporter: 'nvidia_gpu_exporter' | 'dcgm-exporter', name: string) =>
      targetsOf(farm, exporter).flatMap((target) => {
        const of = (atMs: number) => total(samplesOf(farm.render(target, atMs)), name);
        return of(toMs) === 0 ? [] : [{ rig: target.rigName, growth: of(toMs) - of(fromMs) }];
      });
    const measured = [
      ...growth('nvidia_gpu_exporter', 'nvidia_smi_energy_joules_total'),
      ...growth('dcgm-exporter', 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION').map((row) => ({
        ...row,
        growth: row.growth / 1000,
      })),
    ];
    expect(measured).toHaveLength(5);
    for (const { rig, growth: joules } of measured) {
      const expected = truth.gpus.filter((gpu) => gpu.rig === rig).reduce((sum, gpu) => sum + gpu.joules, 0);
      expect(joules / expected).toBeCloseTo(1, 6);
    }
  });
});

describe('truth', () => {
  const fromMs = epochMs + 5 * hourMs + 17_000;
  const toMs = fromMs + 9 * hourMs + 400_000;

  it('joules are the integral of the power that is printed, hashes of the hashrate', () => {
    const farm = farmOf({ gpus: 2 });
    const truth = farm.truth(toMs, fromMs);
    const stepMs = 15_000;
    for (const gpu of truth.gpus.filter(({ joules }) => joules > 0)) {
      const rig = farm.targets.find(({ rigName }) => rigName === gpu.rig)?.rig ?? 0;
      let joules = 0;
      let hashes = 0;
      for (let atMs = fromMs; atMs < toMs; atMs += stepMs) {
        const reading = farm.readRig(rig, atMs + stepMs / 2).cards[gpu.index]!;
        joules += (reading.watts * stepMs) / 1000;
        hashes += (reading.hashesPerSecond * stepMs) / 1000;
      }
      expect(joules / gpu.joules).toBeCloseTo(1, 2.3);
      const counted = Object.values(gpu.hashes).reduce((sum, value) => sum + value, 0);
      if (counted > 0) expect(hashes / counted).toBeCloseTo(1, 2.3);
      else expect(hashes).toBe(0);
    }
  });

  it('within any minute a counter grows at the rate of its gauge', () => {
    const farm = farmOf({ gpus: 2 });
    const minute = fc.integer({ min: 0, max: 48 * 60 }).map((minutes) => epochMs + minutes * 60_000);
    fc.assert(
      fc.property(minute, fc.integer({ min: 0, max: 10 }), (atMs, index) => {
        const [before, after] = [farm.readRig(index, atMs + 11_000).cards, farm.readRig(index, atMs + 47_000).cards];
        for (const [card, { joulesCounted, hashesCounted, watts, hashesPerSecond }] of before.entries()) {
          expect(after[card]!.joulesCounted - joulesCounted).toBeCloseTo(watts * 36, 3);
          expect((after[card]!.hashesCounted - hashesCounted) / 1e6).toBeCloseTo((hashesPerSecond * 36) / 1e6, 3);
        }
      }),
    );
  });

  it('prints the watts and hashrates that it accounts for', () => {
    const farm = farmOf();
    const atMs = epochMs + 20 * hourMs;
    for (const target of farm.targets.filter(({ exporter, down }) => exporter === 'nvidia_gpu_exporter' && !down)) {
      const watts = farm.readRig(target.rig!, atMs).cards.reduce((sum, card) => sum + card.watts, 0);
      expect(total(samplesOf(farm.render(target, atMs)), 'nvidia_smi_power_draw_watts')).toBeCloseTo(watts, 0);
    }
    const lolminer = targetsOf(farm, 'lolminer_exporter')[0]!;
    const trex = targetsOf(farm, 'trex_exporter')[0]!;
    const speed = (rig: number) => farm.readRig(rig, atMs).cards.reduce((sum, card) => sum + card.hashesPerSecond, 0);
    expect(total(samplesOf(farm.render(lolminer, atMs)), 'lolminer_gpu_performance_mhps') * 1e6).toBeCloseTo(
      speed(lolminer.rig!),
      -5,
    );
    expect(total(samplesOf(farm.render(trex, atMs)), 'trex_gpu_hashrate')).toBeCloseTo(speed(trex.rig!), -1);
  });

  it('every card is in some state at every second', () => {
    const farm = farmOf();
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        for (const gpu of farm.truth(to, from).gpus) {
          const seconds = workStates.reduce((sum, state) => sum + gpu.stateSeconds[state], 0);
          expect(seconds).toBeCloseTo((to - from) / 1000, 6);
          expect(Math.min(...Object.values(gpu.stateSeconds))).toBeGreaterThanOrEqual(-1e-6);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('two periods add up to the whole', () => {
    const farm = farmOf({ gpus: 2 });
    const middleMs = fromMs + 4 * hourMs + 61_000;
    const whole = farm.truth(toMs, fromMs);
    const parts = [farm.truth(middleMs, fromMs), farm.truth(toMs, middleMs)];
    for (const [at, gpu] of whole.gpus.entries()) {
      expect(parts.reduce((sum, part) => sum + part.gpus[at]!.joules, 0)).toBeCloseTo(gpu.joules, 3);
    }
    expect(parts.reduce((sum, part) => sum + part.payoutsUsd, 0)).toBeCloseTo(whole.payoutsUsd, 9);
  });

  it('shows every state that a farm of eight or more has', () => {
    const { gpus } = farmOf().truth(epochMs + 48 * hourMs);
    const seconds = (state: (typeof workStates)[number]) => gpus.reduce((sum, gpu) => sum + gpu.stateSeconds[state], 0);
    for (const state of ['down', 'rented', 'mining', 'busy', 'idle-listed', 'idle-unlisted'] as const) {
      expect([state, seconds(state) > 0]).toEqual([state, true]);
    }
    expect(seconds('unknown')).toBe(0);
    expect(
      gpus
        .filter(({ rig }) => rig === 'qc-1660-01')
        .every((gpu) => gpu.joules === 0 && gpu.stateSeconds.down === 48 * 3600),
    ).toBe(true);
  });
});

describe('marketplace', () => {
  const farm = farmOf();
  const account = targetsOf(farm, 'vastai_exporter')[0]!;
  const page = (atMs: number) => samplesOf(farm.render(account, atMs));

  it('counts the cards that are rented and those of the default job', () => {
    fc.assert(
      fc.property(instants, (atMs) => {
        const samples = page(atMs);
        const machines = new Map(
          samples
            .filter(({ name }) => name === 'vastai_machine_info')
            .map(({ labels }) => [labels['hostname'], labels['machine_id'] ?? '']),
        );
        for (const index of [0, 2, 5, 6]) {
          const { rig, cards } = farm.readRig(index, atMs);
          const used = (...types: string[]) =>
            types.reduce(
              (sum, type) =>
                sum +
                total(samples, 'vastai_machine_used_gpu_count', {
                  machine_id: machines.get(rig.name)!,
                  rental_type: type,
                }),
              0,
            );
          expect(used('ondemand', 'bid', 'reserved')).toBe(
            cards.filter(({ activity }) => activity === 'rented').length,
          );
          expect(used('default')).toBe(cards.filter(({ activity }) => activity === 'mining').length);
        }
        expect(machines.size).toBe(4);
      }),
      { numRuns: 25 },
    );
  });

  it('a machine is rented whole, in part and not at all', () => {
    const rented = Array.from({ length: 48 }, (_, hour) => farm.readRig(0, epochMs + hour * hourMs).rentedCards);
    expect(rented).toContain(0);
    expect(rented).toContain(4);
    expect(rented.some((cards) => cards > 0 && cards < 4)).toBe(true);
  });

  it('a rented card shows no hashrate, neither here nor in the miner', () => {
    for (let hour = 0; hour < 48; hour++) {
      const atMs = epochMs + hour * hourMs;
      const reading = farm.readRig(6, atMs);
      const miner = samplesOf(
        farm.render(farm.targets.find(({ rig, exporter }) => rig === 6 && exporter === 'trex_exporter')!, atMs),
      );
      expect(miner.filter(({ name }) => name === 'trex_gpu_hashrate')).toHaveLength(4 - reading.rentedCards);
    }
  });

  it('pays by rented hours at the listed price, moves the sum from pending to paid once a day, and loses nothing', () => {
    const sum = (atMs: number) =>
      total(page(atMs), 'vastai_paid_out_dollars') + total(page(atMs), 'vastai_pending_payout_dollars');
    const fromMs = epochMs + 3 * hourMs;
    const toMs = epochMs + 40 * hourMs;
    const { gpus, payoutsUsd } = farm.truth(toMs, fromMs);
    const expected = [0, 2, 6].reduce((usd, index) => {
      const { name, machine } = farm.rig(index);
      const seconds = gpus.filter((gpu) => gpu.rig === name).reduce((total, gpu) => total + gpu.stateSeconds.rented, 0);
      return usd + (seconds / 3600) * machine!.usdPerGpuHour;
    }, 0);
    expect(payoutsUsd).toBeCloseTo(expected, 9);
    expect(payoutsUsd).toBeGreaterThan(1);
    expect(sum(toMs) - sum(fromMs)).toBeCloseTo(payoutsUsd, 3);
    const payoutMs = epochMs + 30 * hourMs;
    expect(lastPayoutMs(payoutMs)).toBe(payoutMs);
    expect(total(page(payoutMs - 1), 'vastai_pending_payout_dollars')).toBeGreaterThan(1);
    expect(total(page(payoutMs), 'vastai_pending_payout_dollars')).toBe(0);
    expect(sum(payoutMs) - sum(payoutMs - 1)).toBeCloseTo(0, 3);
  });

  it('knows a price and an occupancy for every model that is listed', () => {
    const samples = page(epochMs + hourMs);
    const models = new Set(
      samples.filter(({ name }) => name === 'vastai_machine_info').map(({ labels }) => labels['gpu_name'] ?? ''),
    );
    for (const gpu_name of models) {
      expect(
        total(samples, 'vastai_ondemand_price_median_dollars', { gpu_name, rented: 'any', verified: 'any' }),
      ).toBeGreaterThan(0.05);
      expect(total(samples, 'vastai_gpu_count', { gpu_name, rented: 'yes' })).toBeGreaterThan(0);
    }
  });
});

describe('size', () => {
  it('builds ten thousand rigs of eight cards without computing them', () => {
    const startMs = performance.now();
    const farm = farmOf({ rigs: 10_000, gpus: 8 });
    expect(farm.targets.length).toBeGreaterThan(25_000);
    const last = farm.targets.at(-3)!;
    expect(farm.render(last, epochMs + 47 * hourMs)).toContain('# TYPE');
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });

  it.each([1, 2, 3, 5])('a farm of %i rigs begins with a server that is rented out', (rigs) => {
    const farm = farmOf({ rigs, gpus: 1 });
    expect(farm.targets[0]?.rigName).toBe('tx-3090-01');
    expect(farm.truth(epochMs + 48 * hourMs).payoutsUsd).toBeGreaterThan(0);
    expect(new Set(farm.targets.flatMap(({ site }) => site ?? [])).has('nagpur')).toBe(false);
  });

  it('a farm of six rigs has three sites', () => {
    expect(new Set(farmOf({ rigs: 6 }).targets.flatMap(({ site }) => site ?? []))).toEqual(
      new Set(['texas', 'quebec', 'nagpur']),
    );
  });
});
