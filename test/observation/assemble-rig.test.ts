import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assembleRig, type RigContext } from '../../src/domain/observation/assemble-rig.ts';
import type { MachineReading } from '../../src/domain/observation/marketplace-reading.ts';
import type { TargetReading } from '../../src/domain/observation/target-reading.ts';
import type { Rig } from '../../src/domain/rig.ts';
import { atMs } from '../support/rigs.ts';
import { dcgm, failedReading, groupOf, noContext, node, nvidia, readingOf, trex } from './readings.ts';

const at = (port: number) => ({ instance: `a1:${port}` });
const assemble = (targets: readonly TargetReading[], context: Partial<RigContext> = {}): Rig =>
  assembleRig(groupOf(targets), { ...noContext, ...context });

function machineReading(signals: MachineReading['signals'], usedGpus: Record<string, number> = {}): MachineReading {
  return {
    id: '2100',
    hostname: 'a1',
    model: 'RTX 3090',
    signals,
    usedGpus: new Map(Object.entries(usedGpus)),
    downloadBitsPerSecond: null,
    uploadBitsPerSecond: null,
  };
}

const bus = '00000000:01:00.0';
const idle = ['nvidia_smi_utilization_gpu_ratio 0', 'nvidia_smi_compute_apps 0'];
const two = nvidia({ uuid: 'aa', index: 0, lines: idle }, { uuid: 'bb', index: 1, lines: idle });
const states = (rig: Rig) => rig.gpus.map(({ uuid, state }) => `${uuid} ${state}`);

describe('a card', () => {
  it('gathers what each exporter knows of it', () => {
    const text = nvidia({
      uuid: 'aa',
      bus,
      lines: ['nvidia_smi_temperature_gpu 50', 'nvidia_smi_power_draw_watts 290'],
    });
    const miner =
      'trex_gpu_hashrate{device_id="0",name="RTX 3090"} 1.2e8\ntrex_gpu_memory_temperature{device_id="0"} 92\ntrex_gpu_power{device_id="0"} 300\n';
    const widths = 'node_pcidevice_current_link_width{segment="0000",bus="01",device="00",function="0"} 1\n';
    const { gpus } = assemble([readingOf(miner, at(4068)), readingOf(text, at(9835)), readingOf(widths, at(9100))]);
    expect(gpus).toMatchObject([
      {
        key: 'aa',
        model: 'RTX 3090',
        bus: '0000:01:00.0',
        coreTemperatureCelsius: 50,
        memoryTemperatureCelsius: 92,
        powerWatts: 290,
        hashrate: 1.2e8,
        pcieWidth: 1,
        utilisationRatio: null,
        state: 'mining',
      },
    ]);
  });

  it('has the VRAM that DCGM prints in parts, and none of half of them', () => {
    const parts = ['DCGM_FI_DEV_FB_FREE 1000', 'DCGM_FI_DEV_FB_USED 24'];
    const vram = (lines: readonly string[]) =>
      assemble([readingOf(dcgm({ uuid: 'aa', gpu: 0, lines }))]).gpus[0]?.vramTotalBytes;
    expect(vram(parts)).toBe(2 ** 30);
    expect(vram([...parts, 'DCGM_FI_DEV_FB_RESERVED 1024'])).toBe(2 ** 31);
    expect(vram(parts.slice(1))).toBeNull();
  });

  it('of two miners installed, the one that hashes speaks', () => {
    const idleMiner =
      'lolminer_mining_info{algorithm="ETCHASH"} 1\nlolminer_gpu_performance_mhps{gpu_index="0"} 0\nlolminer_gpu_session_accepted_shares_total{gpu_index="0"} 900\n';
    const { gpus } = assemble([readingOf(idleMiner, at(8080)), readingOf(trex('a1', { id: 0 }), at(4068))]);
    expect(gpus).toMatchObject([{ state: 'mining', hashrate: 60e6, algorithm: null, sharesAccepted: null }]);
  });

  it('rejected shares are those submitted and not accepted', () => {
    const shares =
      'lolminer_gpu_performance_mhps{gpu_index="0"} 60\nlolminer_gpu_session_submitted_shares_total{gpu_index="0"} 100\n';
    const accepted = 'lolminer_gpu_session_accepted_shares_total{gpu_index="0"} 98\n';
    expect(assemble([readingOf(shares + accepted)]).gpus).toMatchObject([{ sharesAccepted: 98, sharesRejected: 2 }]);
    expect(assemble([readingOf(shares)]).gpus).toMatchObject([{ sharesAccepted: null, sharesRejected: null }]);
  });
});

describe('cards that are gone', () => {
  const before = assemble([readingOf(two)]).gpus;

  it('are down while their exporter answers', () => {
    const rig = assemble([readingOf(nvidia({ uuid: 'aa', lines: idle }))], { known: before });
    expect(states(rig)).toEqual(['aa idle-unlisted', 'bb down']);
    expect(rig.gpus[1]).toMatchObject({ model: 'RTX 3090', utilisationRatio: null });
    expect(rig.gpuStates).toMatchObject({ down: 1, 'idle-unlisted': 1 });
  });

  it('are down with the whole rig, which has no sample', () => {
    const rig = assemble([failedReading(at(9835))], { known: before });
    expect(rig).toMatchObject({ state: 'down', sampledAtMs: null, gpuStates: { down: 2 } });
  });

  it('are there and unknown while their exporter alone fails', () => {
    const rig = assemble([failedReading(at(9835)), readingOf(node('a1'), at(9100))], { known: before });
    expect(rig).toMatchObject({ state: 'partial', sampledAtMs: atMs, gpuStates: { unknown: 2 } });
  });

  it('are not missed among cards that only an index tells apart, nor the other way round', () => {
    const byIndex = [readingOf(trex('a1', { id: 0 }, { id: 1 }))];
    expect(assemble(byIndex, { known: before }).gpus).toHaveLength(2);
    expect(assemble([readingOf(two)], { known: assemble(byIndex).gpus }).gpus).toHaveLength(2);
  });
});

describe('a rig that its marketplace alone reports', () => {
  const alone = (machine: MachineReading | null, known: Rig['gpus'] = []) => assemble([], { machine, known });

  it('has as many cards as are counted', () => {
    const rig = alone(
      machineReading({ gpuCount: 2, online: 1, listed: 1 }, { ondemand: 1, bid: 1, default: 0, my: 0 }),
    );
    expect(rig).toMatchObject({ state: 'up', gpuStates: { rented: 2 }, machine: { rentedGpus: 2, defaultJobGpus: 0 } });
    expect(rig.gpus.map(({ model, state }) => `${model} ${state}`)).toEqual(['RTX 3090 rented', 'RTX 3090 rented']);
  });

  it('does not know what an unrented card does', () => {
    expect(alone(machineReading({ gpuCount: 2, online: 1 }, { ondemand: 1 })).gpuStates).toMatchObject({
      rented: 1,
      unknown: 1,
    });
  });

  it('is down offline, and where its account does not answer; its cards are not forgotten', () => {
    const { gpus: known } = alone(machineReading({ gpuCount: 2, online: 1 }, { ondemand: 2 }));
    expect(alone(machineReading({ gpuCount: 2, online: 0 }), known)).toMatchObject({
      state: 'down',
      gpuStates: { down: 2 },
    });
    expect(alone(machineReading({}), known)).toMatchObject({ state: 'down', gpuStates: { down: 2 } });
  });
});

describe('a marketplace beside exporters of the rig', () => {
  it('adds no cards to those that are printed', () => {
    const rig = assemble([readingOf(two)], { machine: machineReading({ gpuCount: 2, online: 1 }, { ondemand: 2 }) });
    expect(states(rig)).toEqual(['aa rented', 'bb rented']);
  });

  it('adds none to those that are known while their exporter fails', () => {
    const known = assemble([readingOf(two)]).gpus;
    const machine = machineReading({ gpuCount: 2, online: 1 }, { ondemand: 2 });
    const rig = assemble([failedReading(at(9835)), readingOf(node('a1'), at(9100))], { known, machine });
    expect(states(rig)).toEqual(['aa rented', 'bb rented']);
  });

  it('default and my are no rentals', () => {
    const rig = assemble([readingOf(two)], {
      machine: machineReading({ gpuCount: 2 }, { ondemand: 0, default: 1, my: 1 }),
    });
    expect(rig).toMatchObject({ machine: { rentedGpus: 0, defaultJobGpus: 1, ownGpus: 1 }, gpuStates: { rented: 0 } });
  });

  it('that prints no usage makes idle unknown', () => {
    expect(assemble([readingOf(two)], { machine: machineReading({ gpuCount: 2 }) }).gpuStates).toMatchObject({
      unknown: 2,
    });
  });
});

it('a conflict of miner and driver keeps its work for the rig alone', () => {
  const rig = assemble([readingOf(two, at(9835)), readingOf(trex('a1', { id: 0, hashrate: 50e6 }), at(4068))]);
  expect(rig).toMatchObject({ looseMiners: [{ hashrate: 50e6 }], gpuStates: { mining: 1, 'idle-unlisted': 1 } });
  expect(rig.problems).toEqual(["trex_exporter prints 1 card, the rig has 2: its cards are not tied to the rig's"]);
});

it('the counts are those of the GPUs, and the order of targets decides nothing', () => {
  const targets = [
    readingOf(two, at(9835)),
    readingOf(trex('a1', { id: 0 }, { id: 1, hashrate: 0 }), at(4068)),
    readingOf(dcgm({ uuid: 'aa', gpu: 0 }, { uuid: 'cc', gpu: 2 }), at(9400)),
    readingOf(node('a1'), at(9100)),
    failedReading(at(9101)),
  ];
  fc.assert(
    fc.property(fc.subarray(targets), fc.option(fc.nat(4)), (some, rented) => {
      const machine = rented === null ? null : machineReading({ gpuCount: 3 }, { ondemand: rented });
      const rig = assemble(some, { machine });
      expect(Object.values(rig.gpuStates).reduce((sum, count) => sum + count, 0)).toBe(rig.gpus.length);
      expect(new Set(rig.gpus.map(({ key }) => key)).size).toBe(rig.gpus.length);
      expect(assemble(some.toReversed(), { machine })).toEqual(rig);
    }),
  );
});
