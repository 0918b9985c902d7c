import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeriesMapping } from '../../src/domain/dialect.ts';
import { SignalValues } from '../../src/domain/observation/signal-values.ts';
import { dialectOf, nvidia, readingOf, rigOfTargets } from './readings.ts';

type Series = Readonly<Record<string, SeriesMapping>>;

/** The only card of a rig whose exporter maps these series and prints these lines. */
function cardOf(series: Series, lines: readonly string[], known: Parameters<typeof dialectOf>[0] = {}) {
  const dialects = [dialectOf({ series, ...known })];
  const { gpus } = rigOfTargets([readingOf(`${lines.join('\n')}\n`, { dialects })]);
  if (gpus.length !== 1) throw new Error(`${gpus.length} cards`);
  return gpus[0];
}

const watts = { kind: 'card', signal: 'powerWatts', unit: 'W' } as const;

describe('units', () => {
  it.each<[SeriesMapping, number, object]>([
    [{ kind: 'card', signal: 'powerWatts', unit: 'mW' }, 250_500, { powerWatts: 250.5 }],
    [{ kind: 'card', signal: 'hashrate', unit: 'MH/s' }, 60, { hashrate: 60e6 }],
    [{ kind: 'card', signal: 'utilisationRatio', unit: 'percent' }, 50, { utilisationRatio: 0.5 }],
    [{ kind: 'card', signal: 'vramTotalBytes', unit: 'MiB' }, 1024, { vramTotalBytes: 2 ** 30 }],
    [{ kind: 'card', signal: 'energyJoules', unit: 'kWh' }, 2, { energyJoules: 7.2e6 }],
    [{ kind: 'card', signal: 'retiredPagesPending', unit: 'flag' }, 3, { health: { retiredPagesPending: 1 } }],
    [{ kind: 'card', signal: 'rowRemapFailure', unit: 'flag' }, 0, { health: { rowRemapFailure: 0 } }],
    [{ kind: 'card', signal: 'pcieTransfers', unit: 'GT/s' }, 16, { pcieGeneration: 4 }],
    [{ kind: 'card', signal: 'pcieTransfersMax', unit: 'T/s' }, 2.5e9, { pcieGenerationMax: 1 }],
    [{ kind: 'card', signal: 'pcieTransfers', unit: 'GT/s' }, 7, { pcieGeneration: null }],
  ])('%j prints %d', (mapping, value, card) => {
    expect(cardOf({ s: mapping }, [`s{gpu="0"} ${value}`])).toMatchObject(card);
  });

  it('a generation that is printed counts, not what its speed would be', () => {
    const series: Series = {
      speed: { kind: 'card', signal: 'pcieTransfers', unit: 'GT/s' },
      gen: { kind: 'card', signal: 'pcieGeneration', unit: 'count' },
    };
    expect(cardOf(series, ['speed{gpu="0"} 16', 'gen{gpu="0"} 3'])).toMatchObject({ pcieGeneration: 3 });
  });
});

describe('several series of one signal', () => {
  const series: Series = {
    old: { ...watts, fallback: true },
    older: { ...watts, fallback: true },
    now: watts,
  };
  it.each<[readonly string[], number | null]>([
    [['now{gpu="0"} 100', 'old{gpu="0"} 200', 'older{gpu="0"} 300'], 100],
    [['now{gpu="0"} NaN', 'old{gpu="0"} 200', 'older{gpu="0"} 300'], 200],
    [['older{gpu="0"} 300'], 300],
    [['now{gpu="0"} NaN'], null],
    [['now{gpu="0",part="a"} 100', 'now{gpu="0",part="b"} 150'], 150],
  ])('%j, in any order: %s', (lines, powerWatts) => {
    expect(cardOf(series, lines)).toMatchObject({ powerWatts });
    expect(cardOf(series, lines.toReversed())).toMatchObject({ powerWatts });
  });

  it('add up where they are parts, and of a second best nothing is added', () => {
    const errors = { kind: 'card', signal: 'nvlinkErrors', unit: 'count', sum: true } as const;
    const lines = ['crc{gpu="0",link="0"} 1', 'crc{gpu="0",link="1"} 2', 'replay{gpu="0"} 4', 'old{gpu="0"} 8'];
    const summed: Series = { crc: errors, replay: errors, old: { ...errors, fallback: true } };
    expect(cardOf(summed, lines)?.health).toEqual({ nvlinkErrors: 7 });
    expect(cardOf(summed, lines.toReversed())?.health).toEqual({ nvlinkErrors: 7 });
  });

  it('only those that are meant count', () => {
    const among = { label: 'why', values: ['hw', 'sw'] };
    const lines = ['s{gpu="0",why="hw"} 0.25', 's{gpu="0",why="idle"} 1', 's{gpu="0",why="sw"} 0.5'];
    const mapping: SeriesMapping = { kind: 'card', signal: 'hwSlowdown', unit: 'ratio', among };
    expect(cardOf({ s: mapping }, lines)?.health).toEqual({ hwSlowdown: 0.5 });
    const one: SeriesMapping = { ...mapping, among: { label: 'why', values: ['hw'] } };
    expect(cardOf({ s: one }, lines)?.health).toEqual({ hwSlowdown: 0.25 });
  });
});

describe('what a card mines', () => {
  const card = { slot: ['gpu'], coin: ['coin'], algorithm: ['algo'] };
  const series: Series = { rate: { kind: 'card', signal: 'hashrate', unit: 'H/s' } };
  it.each<[string, readonly string[], object]>([
    [
      'coin and algorithm stand on its hashrate',
      ['rate{gpu="0",coin="rvn",algo="KawPow"} 6e7'],
      { coin: 'RVN', algorithm: 'kawpow' },
    ],
    [
      'of two coins the one that hashes',
      ['rate{gpu="0",coin="etc"} 0', 'rate{gpu="0",coin="rvn"} 6e7'],
      { coin: 'RVN', hashrate: 6e7 },
    ],
    [
      'of two that stand still the first by name',
      ['rate{gpu="0",coin="rvn"} 0', 'rate{gpu="0",coin="etc"} 0'],
      { coin: 'ETC' },
    ],
    ['nobody says', ['rate{gpu="0"} 6e7'], { coin: null, algorithm: null }],
  ])('%s', (_name, lines, mined) => {
    expect(cardOf(series, lines, { card })).toMatchObject(mined);
    expect(cardOf(series, lines.toReversed(), { card })).toMatchObject(mined);
  });

  it('two coins that hash on one card are said, in whatever order', () => {
    const lines = ['rate{gpu="0",coin="rvn"} 3e7', 'rate{gpu="0",coin="etc"} 6e7', 'rate{gpu="0",coin="zil"} 0'];
    const rig = (text: readonly string[]) =>
      rigOfTargets([readingOf(`${text.join('\n')}\n`, { dialects: [dialectOf({ series, card })] })]);
    expect(rig(lines)).toMatchObject({
      gpus: [{ coin: 'ETC', hashrate: 6e7 }],
      problems: ['own prints hashrates of several coins for one card (ETC, RVN): the largest counts'],
    });
    expect(rig(lines.toReversed())).toEqual(rig(lines));
    expect(rig(lines.slice(1)).problems).toEqual([]);
  });

  it('the algorithm of the card counts, not that of its target', () => {
    const target: Series = { ...series, work: { kind: 'miner-algorithm', label: 'algo' } };
    const lines = ['work{algo="ETCHASH"} 1', 'rate{gpu="0",algo="kawpow"} 1'];
    expect(cardOf(target, lines, { card })).toMatchObject({ algorithm: 'kawpow' });
    expect(cardOf(target, ['work{algo="ETCHASH"} 1', 'rate{gpu="0"} 1'], { card })).toMatchObject({
      algorithm: 'etchash',
    });
  });
});

describe('the total of a miner', () => {
  const series: Series = {
    rate: { kind: 'card', signal: 'hashrate', unit: 'kH/s' },
    total: { kind: 'miner-hashrate', miner: ['miner', 'coin'], unit: 'H/s' },
  };
  const rig = (...lines: readonly string[]) =>
    rigOfTargets([readingOf(`${lines.join('\n')}\n`, { dialects: [dialectOf({ series })] })]);

  it('agrees with its cards', () => {
    const { gpus, problems, looseMiners } = rig('rate{gpu="0"} 60000', 'rate{gpu="1"} 30000', 'total{miner="a"} 9.1e7');
    expect([gpus.map(({ hashrate }) => hashrate), problems, looseMiners]).toEqual([[60e6, 30e6], [], []]);
  });

  it('shows that they are printed in another unit', () => {
    const { gpus, problems } = rig('rate{gpu="0"} 60', 'rate{gpu="1"} 30', 'total{miner="a"} 9.1e7');
    expect(gpus.map(({ hashrate }) => hashrate)).toEqual([60e6, 30e6]);
    expect(problems).toEqual([expect.stringMatching(/^own prints hashrates in a unit of its own/)]);
  });

  it('of fewer or more cards changes nothing', () => {
    expect(rig('rate{gpu="0"} 60000', 'total{miner="a"} 4.8e8').gpus).toMatchObject([{ hashrate: 60e6 }]);
    expect(rig('rate{gpu="0"} 60000', 'total{miner="a"} 0').gpus).toMatchObject([{ hashrate: 60e6 }]);
    expect(rig('rate{gpu="0"} 60000', 'total{miner="a"} 6e11').gpus).toMatchObject([{ hashrate: 60e6 }]);
  });

  it('of two means is the better one', () => {
    const lines = ['xmrig_hashrate0{worker_id="a"} 9000', 'xmrig_hashrate1{worker_id="a"} 8000'];
    for (const text of [lines, lines.toReversed()]) {
      const { looseMiners } = rigOfTargets([readingOf(`${text.join('\n')}\n`)]);
      expect(looseMiners).toMatchObject([{ hashrate: 8_000 }]);
    }
  });

  it('without cards is work of the rig, and of no card', () => {
    const { gpus, looseMiners, gpuStates } = rig('total{miner="a"} 9000', 'total{miner="b"} 12000');
    expect(gpus).toEqual([]);
    expect(gpuStates.mining).toBe(0);
    expect(looseMiners).toMatchObject([{ hashrate: 12_000 }, { hashrate: 9_000 }]);
  });
});

describe('who holds a card', () => {
  const process = { labels: ['pod'], not: /exporter/ };
  const series: Series = { s: watts };
  it.each<[readonly string[], readonly string[] | null]>([
    [['s{gpu="0",pod="trainer-0"} 1'], ['trainer-0']],
    [['s{gpu="0",pod="dcgm-exporter-x"} 1'], null],
    [['s{gpu="0"} 1'], null],
  ])('%j: %j', (lines, processes) => {
    expect(cardOf(series, lines, { card: { slot: ['gpu'], process } })?.processes ?? null).toEqual(processes);
  });

  it('is said by one exporter while another sees no process', () => {
    const idle = readingOf(nvidia({ uuid: 'aa', lines: ['nvidia_smi_compute_apps 0'] }), { instance: 'a1:1' });
    const pod = readingOf('DCGM_FI_DEV_GPU_TEMP{gpu="0",UUID="GPU-aa",pod="trainer-0"} 50\n', { instance: 'a1:2' });
    expect(rigOfTargets([idle, pod]).gpus).toMatchObject([{ processes: ['trainer-0'], state: 'busy' }]);
  });
});

it('XIDs of all exporters are kept, with the time that one knows', () => {
  const nvml = nvidia({ uuid: 'aa', lines: ['nvidia_smi_pstate 0'] });
  const seen = 'nvidia_smi_xid_last_timestamp_seconds{uuid="aa",xid="79"} 1700000000\n';
  const last = (code: number) =>
    readingOf(`DCGM_FI_DEV_XID_ERRORS{gpu="0",UUID="GPU-aa"} ${code}\n`, { instance: 'a1:2' });
  const xids = (code: number) => rigOfTargets([readingOf(nvml + seen, { instance: 'a1:1' }), last(code)]).gpus[0]?.xids;
  expect(xids(79)).toEqual([{ code: 79, lastAtMs: 1_700_000_000_000 }]);
  expect(xids(13)).toEqual([
    { code: 13, lastAtMs: null },
    { code: 79, lastAtMs: 1_700_000_000_000 },
  ]);
  expect(xids(0)).toHaveLength(1);
});

it('a series that is numbered like a card and is none adds no card', () => {
  const card = { slot: ['device'], model: ['device'], modelPart: /((?:RTX|RX)\b.*)$/ };
  const lines = ['rate{device="GPU#1 RTX 3090"} 1', 'rate{device="AMD Ryzen 5 3600"} 1'];
  const series: Series = { rate: { kind: 'card', signal: 'hashrate', unit: 'H/s' } };
  expect(cardOf(series, lines, { card })).toMatchObject({ model: 'RTX 3090' });
});

it('a series of a family that is of no card adds none', () => {
  const processor = 'hiveos_gpu_hashrate{rig="a1",card="0",brand="unknown",coin="xmr"} 9\n';
  const reading = readingOf(processor, { instance: 'hive:9101' });
  expect(reading.parts.get('a1')?.cards.size).toBe(0);
});

it('what a source hands over beyond the part that is wanted does not count', () => {
  const reading = readingOf('', {
    dialects: [
      dialectOf({ series: { s: { kind: 'host-cpu-thread', cpu: 'cpu', only: { label: 'mode', value: 'idle' } } } }),
    ],
  });
  reading.sample('s', { cpu: '0', mode: 'idle' }, 1, 0);
  reading.sample('s', { cpu: '1', mode: 'user' }, 1, 0);
  expect(reading.host?.threads).toEqual(new Set(['0']));
});

it('parts of a sum in any order are the same to the last digit', () => {
  const sumOf = (parts: readonly number[]) => {
    const values = new SignalValues<'watts'>();
    for (const part of parts) values.add('watts', part, 0, true);
    return values.get('watts');
  };
  expect(sumOf([0.3, 0.2, 0.1])).toBe(sumOf([0.1, 0.2, 0.3]));
  expect(sumOf([0.3, Number.NaN])).toBeNull();
});

it('the order of the samples decides nothing', () => {
  const lines = [
    ...nvidia({ uuid: 'aa', index: 0, bus: '00000000:01:00.0' }, { uuid: 'bb', index: 1, bus: '00000000:02:00.0' })
      .trim()
      .split('\n'),
    'nvidia_smi_temperature_gpu{uuid="aa"} 50',
    'nvidia_smi_temperature_gpu{uuid="bb"} 60',
    'nvidia_smi_xid_errors_total{uuid="aa",xid="79"} 1',
    'nvidia_smi_xid_last_timestamp_seconds{uuid="aa",xid="79"} 1700000000',
    'nvidia_smi_compute_apps{uuid="bb"} 0',
    'nvidia_smi_nvml_return_code{call="x"} 0',
    'trex_gpu_hashrate{device_id="0",name="RTX 3090",worker="b"} 6e7',
    'trex_gpu_hashrate{device_id="1",name="RTX 3090",worker="a"} 5e7',
    'lolminer_mining_info{algorithm="KAWPOW"} 1',
    'lolminer_gpu_info{gpu_index="0",name="RTX 3090",pcie_address="1:0"} 1',
    'lolminer_gpu_performance_mhps{gpu_index="0"} 0',
    'node_network_speed_bytes{device="eth0"} 1.25e8',
    'node_network_speed_bytes{device="eth1"} 1.25e9',
    'node_edac_correctable_errors_total{controller="0"} 1',
    'node_edac_correctable_errors_total{controller="1"} 2',
    'node_disk_info{device="nvme0n1",model="X",path="p",rotational="0"} 1',
    'smartctl_device_percentage_used{device="/dev/nvme0"} 5',
    'node_pcidevice_info{segment="0000",bus="01",device="00",function="0",vendor_id="0x10de",device_id="0x2204",class_id="0x030000"} 1',
    'node_pcidevice_current_link_width{segment="0000",bus="01",device="00",function="0"} 1',
    'rig_power_watts{rig="a1",psu="1"} 800.1',
    'rig_power_watts{rig="a1",psu="2"} 300.2',
    'rig_power_watts{rig="a1",psu="3"} 0.3',
    'rig_rented_gpus{rig="a1",platform="clore"} 1',
  ];
  const rigOf = (text: readonly string[]) => rigOfTargets([readingOf(`${text.join('\n')}\n`)]);
  const inOrder = rigOf(lines);
  expect(inOrder).toMatchObject({ wallWatts: expect.closeTo(1100.6, 9), rentals: [{ platform: 'clore', gpus: 1 }] });
  fc.assert(
    fc.property(fc.shuffledSubarray(lines, { minLength: lines.length }), (shuffled) => {
      expect(rigOf(shuffled)).toEqual(inOrder);
    }),
    { numRuns: 60 },
  );
});

it.each([
  ['EQUI144_5', null],
  ['BEAM-III', null],
  ['C31', null],
  ['Etchash', 60e6],
  ['AUTOLYKOS2', 60e6],
])('lolMiner on %s hashes at %s H/s', (algorithm, hashrate) => {
  const reading = readingOf(
    `lolminer_gpu_performance_mhps{gpu_index="0"} 60\nlolminer_mining_info{algorithm="${algorithm}"} 1\nlolminer_session_performance_total_mhps 60\n`,
  );
  const rig = rigOfTargets([reading]);
  expect(rig.gpus.map((gpu) => gpu.hashrate)).toEqual([hashrate]);
  expect(rig.problems.length).toBe(hashrate === null ? 1 : 0);
});
