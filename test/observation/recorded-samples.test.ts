import { describe, expect, it } from 'vitest';
import { assembleRig } from '../../src/domain/observation/assemble-rig.ts';
import { joinTargets } from '../../src/domain/observation/join-targets.ts';
import { marketplaceQuote } from '../../src/domain/observation/marketplace.ts';
import type { Rig } from '../../src/domain/rig.ts';
import { atMs, gib } from '../support/rigs.ts';
import { missingSamples, readSample } from '../support/samples.ts';
import { groupOf, noContext, noRules, readingOf } from './readings.ts';

const read = (file: string) => readingOf(readSample(`exposition/${file}`));

function rigOf(file: string): Rig {
  return assembleRig(groupOf([read(file)]), noContext);
}

describe.skipIf(missingSamples())('recorded samples', () => {
  const superCard = {
    key: 'a1/0000:0c:00.0',
    index: 0,
    uuid: null,
    bus: '0000:0c:00.0',
    model: 'RTX 2080 Super',
    memoryTemperatureCelsius: null,
    energyJoules: null,
    vramTotalBytes: gib(8),
    pcieWidth: 16,
    pcieWidthMax: 16,
    pcieGenerationMax: 3,
    computeCapability: 7.5,
    driverVersion: '610.57.04',
    cudaVersion: '13.3',
    hashrate: null,
    sharesAccepted: null,
    xids: null,
  };

  it('an idle RTX 2080 SUPER', () => {
    const rig = rigOf('nvidia_gpu_exporter-rtx-2080-super-idle.prom');
    expect(rig).toMatchObject({ state: 'up', sampledAtMs: atMs, problems: [], gpuStates: { 'idle-unlisted': 1 } });
    expect(rig.gpus).toMatchObject([
      {
        ...superCard,
        coreTemperatureCelsius: 33,
        powerWatts: 39.17,
        utilisationRatio: 0,
        vramUsedBytes: 221_249_536,
        pcieGeneration: 1,
        performanceState: 8,
        processes: [],
        state: 'idle-unlisted',
      },
    ]);
    expect(rig.gpus).toHaveLength(1);
  });

  it('the same card at work: ffmpeg', () => {
    const { gpus } = rigOf('nvidia_gpu_exporter-rtx-2080-super-load.prom');
    expect(gpus).toMatchObject([
      {
        ...superCard,
        coreTemperatureCelsius: 38,
        powerWatts: 98.14,
        utilisationRatio: 0.08,
        vramUsedBytes: 854_589_440,
        pcieGeneration: 3,
        performanceState: 2,
        processes: ['ffmpeg'],
        state: 'busy',
        stateEvidence: 'runs ffmpeg',
      },
    ]);
  });

  it('a loaded H100', () => {
    const { gpus } = rigOf('nvidia_gpu_exporter-h100-80gb-hbm3-load.prom');
    expect(gpus).toMatchObject([
      {
        uuid: null,
        bus: '0000:00:09.0',
        model: 'H100 80GB HBM3',
        coreTemperatureCelsius: 59,
        memoryTemperatureCelsius: 54,
        powerWatts: 631.95,
        utilisationRatio: 1,
        vramTotalBytes: 85_520_809_984,
        pcieWidth: 16,
        pcieGeneration: 5,
        performanceState: 0,
        computeCapability: 9,
        processes: ['./gpu_burn', '/root/tools/memhog'],
        xids: null,
        state: 'busy',
      },
    ]);
  });

  it('two H200 of the demo, one of them cut into MIG instances, with an XID', () => {
    const { gpus } = rigOf('nvidia_gpu_exporter-demo-seeded.prom');
    const both = {
      model: 'H200',
      energyJoules: null,
      powerWatts: 627.4,
      memoryTemperatureCelsius: 40,
      vramTotalBytes: 150_754_820_096,
      processes: ['./gpu_burn', '/root/tools/memhog'],
      state: 'busy',
    };
    expect(gpus).toMatchObject([
      { ...both, index: 0, uuid: '1c67088e-9ecb-4564-bb97-6151ecc2ef64', bus: '0000:01:00.0', xids: [] },
      {
        ...both,
        index: 1,
        uuid: 'ef427e4f-1970-42f2-ab0c-ecf0e56a33b9',
        bus: '0000:02:00.0',
        xids: [{ code: 79, lastAtMs: null }],
      },
    ]);
    expect(gpus).toHaveLength(2);
  });

  it('the excerpt of dcgm-exporter: its memory temperature is the sentinel', () => {
    const { gpus } = rigOf('dcgm-exporter-readme.prom');
    expect(gpus).toMatchObject([
      {
        key: '604ac76c-d9cf-fef3-62e9-d92044ab6e52',
        index: 0,
        model: null,
        memoryTemperatureCelsius: null,
        powerWatts: null,
        xids: null,
        state: 'unknown',
      },
    ]);
  });

  it('node_exporter', () => {
    const rig = rigOf('node_exporter.prom');
    expect(rig.gpus).toEqual([]);
    expect(rig.host).toEqual({
      cpuModel: 'Intel(R) Core(TM) i7-8650U CPU @ 1.90GHz',
      cpuThreads: 8,
      cpuCores: 4,
      avx: true,
      ramTotalBytes: 3_831_959_552,
      nicBitsPerSecond: 1e9,
      bootAtMs: 1_418_183_276_000,
      osName: 'Ubuntu 20.04.2 LTS',
      osVersion: '20.04',
      clockAheadMs: null,
      edacCorrectable: 1,
      edacUncorrectable: 5,
      carrierChanges: 4,
      fabricBitsPerSecond: 4e10,
      disks: expect.anything(),
      filesystems: [],
      lineDownBitsPerSecond: null,
      lineUpBitsPerSecond: null,
      reachable: null,
    });
    const disks = rig.host.disks?.map(({ device, model, rotational }) => `${device} ${model} ${rotational}`);
    // Neither volumes (dm-0), nor parts of a disk (mmcblk0p1), nor the drive for a CD (sr0).
    expect(disks).toEqual([
      'mmcblk0 null false',
      'nvme0n1 SAMSUNG EHFTF55LURSY-000Y9 false',
      'sda TOSHIBA_KSDB4U86 true',
      'sdb SuperMicro_SSD false',
      'sdc INTEL_SSDS9X9SI0 false',
      'vda null false',
    ]);
  });

  it('smartctl_exporter: a worn-out NVMe, and what it prints as 0 of SATA disks is unknown', () => {
    const { disks } = rigOf('smartctl_exporter.prom').host;
    expect(disks).toHaveLength(5);
    expect(disks?.[0]).toEqual({
      device: 'nvme0',
      model: null,
      path: null,
      rotational: null,
      capacityBytes: 256_060_514_304,
      smartPassed: false,
      percentageUsedRatio: 1.61,
      availableSpareRatio: 1,
      criticalWarning: 4,
      mediaErrors: 0,
    });
    expect(disks?.[1]).toMatchObject({
      device: 'sda',
      smartPassed: true,
      percentageUsedRatio: null,
      availableSpareRatio: null,
      criticalWarning: null,
      mediaErrors: null,
    });
  });

  it('smartctl_exporter beside node_exporter: the controller is told of its disk', () => {
    const targets = [
      readingOf(readSample('exposition/node_exporter.prom'), { instance: 'a1:9100' }),
      readingOf(readSample('exposition/smartctl_exporter.prom'), { instance: 'a1:9633' }),
    ];
    const disks = assembleRig(groupOf(targets), noContext).host.disks ?? [];
    expect(disks.map(({ device }) => device)).toEqual(['mmcblk0', 'nvme0n1', 'sda', 'sdb', 'sdc', 'sdd', 'vda']);
    expect(disks[1]).toMatchObject({ model: 'SAMSUNG EHFTF55LURSY-000Y9', percentageUsedRatio: 1.61 });
  });

  it('an Instinct card of an older release', () => {
    expect(rigOf('amd_device_metrics_exporter.prom').gpus).toMatchObject([
      {
        key: '6699c0a8-4200-4242-037f-f97e6cae0f09',
        index: null,
        model: null,
        powerWatts: 41,
        utilisationRatio: 0,
        vramTotalBytes: 68_702e6,
        coreTemperatureCelsius: null,
        memoryTemperatureCelsius: null,
        health: {},
        xids: null,
      },
    ]);
  });

  it('health: of a GeForce nothing but its clocks, of an H100 its memory, too', () => {
    const healthOf = (file: string) => rigOf(file).gpus[0]?.health;
    const clocks = {
      hwThermalSlowdown: 0,
      swThermalSlowdown: 0,
      hwSlowdown: 0,
      powerBrake: 0,
      hwThermalSlowdownSeconds: 0,
      swThermalSlowdownSeconds: 0,
      powerBrakeSeconds: 0,
      recoveryAction: 0,
    };
    expect(healthOf('nvidia_gpu_exporter-rtx-2080-super-load.prom')).toEqual(clocks);
    expect(healthOf('nvidia_gpu_exporter-h100-80gb-hbm3-load.prom')).toEqual({
      ...clocks,
      thermalMarginCelsius: 26,
      eccCorrectedVolatile: 0,
      eccUncorrectedVolatile: 0,
      eccUncorrectedAggregate: 0,
      eccSramThresholdExceeded: 0,
      rowsRemappedCorrectable: 0,
      rowsRemappedUncorrectable: 0,
      rowRemapPending: 0,
      rowRemapFailure: 0,
    });
  });

  it.each([
    'nvidia_gpu_exporter-demo-seeded.prom',
    'dcgm-exporter-readme.prom',
    'node_exporter.prom',
    'smartctl_exporter.prom',
    'vastai_exporter-readme.prom',
  ])('%s backwards is the same rig', (file) => {
    const lines = readSample(`exposition/${file}`)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const rig = (text: readonly string[]) => assembleRig(groupOf([readingOf(`${text.join('\n')}\n`)]), noContext);
    expect(rig(lines.toReversed())).toEqual(rig(lines));
  });

  it('vastai_exporter: two machines of two GPUs, all rented', () => {
    const reading = read('vastai_exporter-readme.prom');
    expect(joinTargets([reading], noRules)).toEqual([]);
    const rigs = [...reading.machines.values()].map((machine) =>
      assembleRig(groupOf([], machine.hostname ?? ''), { ...noContext, machine }),
    );
    expect(rigs).toMatchObject(
      [
        ['rig1.local', '2100', 0.9930448, 4.397e8],
        ['rig2.local', '3100', 0.9925481, 4.831e8],
      ].map(([name, machineId, reliability, downloadBitsPerSecond]) => ({
        name,
        state: 'up',
        gpus: [{ model: 'RTX 3080' }, { model: 'RTX 3080' }],
        gpuStates: { rented: 2 },
        machine: {
          machineId,
          gpuCount: 2,
          rentedGpus: 2,
          defaultJobGpus: 0,
          ownGpus: 0,
          listed: true,
          online: true,
          verified: true,
          reliability,
          listedUsdPerGpuHour: 0.7,
          downloadBitsPerSecond,
          uploadBitsPerSecond: null,
        },
      })),
    );
    expect(reading.payoutUsd).toBeCloseTo(331.57, 9);
  });

  it('vastai_exporter: the market of the RTX 3080', () => {
    const { market } = read('vastai_exporter-readme.prom');
    expect([...market.keys()]).toEqual(['RTX 3080']);
    expect([...market.values()].map((model) => marketplaceQuote(model, atMs))).toEqual([
      {
        platform: 'vast',
        model: 'RTX 3080',
        medianUsdPerGpuHour: 0.38,
        p10UsdPerGpuHour: 0.32,
        p90UsdPerGpuHour: 0.65,
        occupancy: 120 / 121,
        kind: 'on-demand median of rented verified offers, renter side',
        sampledAtMs: atMs,
      },
    ]);
  });
});
