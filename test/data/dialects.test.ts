import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/data/dialects/index.ts';
import {
  asicSignals,
  cardSignals,
  type Dialect,
  diskSignals,
  evidenceOf,
  machineSignals,
  type SeriesMapping,
} from '../../src/domain/dialect.ts';
import { units } from '../../src/domain/units.ts';
import { missingSamples, sampleText } from '../support/samples.ts';

const everySeries = dialects.flatMap((dialect) =>
  Object.entries(dialect.series).map(([name, mapping]) => ({ dialect, name, mapping })),
);

/** The dimension of what a series says; null where its value is no measured number. */
function dimensionOf(mapping: SeriesMapping): readonly string[] | null {
  switch (mapping.kind) {
    case 'card':
      return [cardSignals[mapping.signal]];
    case 'hwmon-value':
      return Object.values(mapping.signals).map((signal) => cardSignals[signal]);
    case 'machine':
      return [machineSignals[mapping.signal]];
    case 'asic':
      return [asicSignals[mapping.signal]];
    case 'disk':
      return [diskSignals[mapping.signal]];
    case 'pci':
      return [mapping.signal.startsWith('width') ? 'count' : 'transfers'];
    case 'drm-busy':
      return ['ratio'];
    case 'miner-hashrate':
      return ['hashrate'];
    case 'line':
    case 'lines':
    case 'machine-line':
      return ['data rate'];
    case 'rig-power':
      return ['power'];
    case 'rig-rented':
      return ['count'];
    case 'rig-revenue':
      return ['USD'];
    default:
      return null;
  }
}

function patternsOf(value: unknown): RegExp[] {
  if (value instanceof RegExp) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(patternsOf) : [];
}

describe('the dialects', () => {
  it('are all in the list', () => {
    const files = readdirSync(new URL('../../src/data/dialects', import.meta.url));
    expect(files.filter((file) => file !== 'index.ts')).toHaveLength(dialects.length);
  });

  it('have an id each', () => {
    expect(new Set(dialects.map(({ id }) => id)).size).toBe(dialects.length);
  });

  it('map a series in one dialect only', () => {
    const owners = Map.groupBy(everySeries, ({ name }) => name);
    expect([...owners].filter(([, of]) => of.length > 1).map(([name]) => name)).toEqual([]);
  });

  it('map names that a series can have', () => {
    expect(everySeries.map(({ name }) => name).filter((name) => !/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name))).toEqual([]);
  });

  it('print each series in a unit of what it says', () => {
    for (const { name, mapping } of everySeries) {
      const dimensions = dimensionOf(mapping);
      expect('unit' in mapping, name).toBe(dimensions !== null);
      if (!('unit' in mapping)) continue;
      for (const dimension of dimensions ?? []) expect(units[mapping.unit].dimension, name).toBe(dimension);
    }
  });

  it('map series of cards only where labels tell cards apart', () => {
    const ofCards = everySeries.filter(({ mapping }) => /^card(?:$|-)/.test(mapping.kind));
    for (const { dialect, name } of ofCards) expect(dialect.card?.slot.length, name).toBeGreaterThan(0);
  });

  it('name their rigs where one target speaks of many', () => {
    for (const { id, scope, rig } of dialects) expect(rig !== undefined && rig.length > 0, id).toBe(scope === 'farm');
  });

  it('have a first choice wherever they have a second best', () => {
    const kinds = ({ dialect, mapping }: { dialect: Dialect; mapping: SeriesMapping }) =>
      `${dialect.id} ${mapping.kind} ${'signal' in mapping ? mapping.signal : ''}`;
    const first = new Set(everySeries.filter(({ mapping }) => !('fallback' in mapping)).map(kinds));
    const second = everySeries.filter(({ mapping }) => 'fallback' in mapping && mapping.kind !== 'hwmon-value');
    expect(second.map(kinds).filter((kind) => !first.has(kind))).toEqual([]);
  });

  it('speak of series that they map in exceptions and switches', () => {
    const strangers = dialects.flatMap(({ series, exceptions, switches }) =>
      [...Object.keys(exceptions ?? {}), ...(switches ?? []).flatMap((one) => one.series)].filter(
        (name) => !(name in series),
      ),
    );
    expect(strangers).toEqual([]);
  });

  it('have patterns that keep no state between two samples', () => {
    const patterns = patternsOf(dialects);
    expect(patterns.length).toBeGreaterThan(3);
    expect(patterns.filter(({ global, sticky }) => global || sticky)).toEqual([]);
  });

  it('tell where each name comes from', () => {
    for (const { dialect, name } of everySeries) {
      const { evidence, source } = evidenceOf(dialect, name);
      expect(source, name).not.toBe('');
      expect(['recorded', 'published', 'unverified'], name).toContain(evidence);
    }
  });
});

describe('labels that name a model or a workload', () => {
  const card = (id: string) => dialects.find((dialect) => dialect.id === id)?.card;

  it.each([
    ['V_ID_9475 NVIDIA GeForce RTX 3060', 'GeForce RTX 3060'],
    ['EVGA NVIDIA GeForce RTX 2080 Ti', 'GeForce RTX 2080 Ti'],
    ['Sapphire AMD Radeon RX 580', 'Radeon RX 580'],
    ['AMD Ryzen 9 3900X 12-Core Processor', undefined],
  ])('NiceHash: %s is %s', (device, model) => {
    expect(card('nicehash_exporter')?.modelPart?.exec(device)?.[1]).toBe(model);
  });

  it.each(['dcgm-exporter-x7k2p', 'nvidia-dcgm-exporter-x7k2p'])('%s is no workload', (pod) => {
    expect(card('dcgm-exporter')?.process?.not.test(pod)).toBe(true);
  });

  it('a pod of a tenant is one', () => {
    expect(card('dcgm-exporter')?.process?.not.test('llama-70b-0')).toBe(false);
    expect(card('amd_device_metrics_exporter')?.process?.not.test('llama-70b-0')).toBe(false);
    expect(card('amd_device_metrics_exporter')?.process?.not.test('device-metrics-exporter-r5t')).toBe(true);
  });
});

const samples = {
  'nvidia_gpu_exporter-demo-seeded.prom': [
    /^nvidia_smi_(?:accounting|c2c|display|encoder|fabric|gsp|inforom|mig|pci|platform|protected_memory)_/,
    /^nvidia_smi_clocks_(?:current|max)_/,
    /^nvidia_smi_clocks_event_reasons_(?:active|supported|gpu_idle|sw_power_cap|sync_boost|applications_clocks_setting)$/,
    /^nvidia_smi_clocks_event_reasons_counters_(?:sw_power_cap|sync_boost)_seconds$/,
    /^nvidia_smi_compute_(?:mode|app_used_memory_bytes|apps_last_collect_success)$/,
    /^nvidia_smi_ecc_mode_/,
    // Parts of the totals that are mapped; of corrected ones only what happened since the driver was loaded counts.
    /^nvidia_smi_ecc_errors_(?:un)?corrected_(?:volatile|aggregate)_(?:device_memory|dram|sram)/,
    /^nvidia_smi_ecc_errors_corrected_aggregate_total$/,
    /^nvidia_smi_(?:count|index|name|serial|edpp_multiplier_ratio|persistence_mode|failed_scrapes_total)$/,
    /^nvidia_smi_last_collect_success$/,
    // Total and used are mapped; what is left is no signal of this exporter.
    /^nvidia_smi_memory_(?:free|reserved)_bytes$/,
    /^nvidia_smi_pcie_link_gen_(?:gpu|host)/,
    /^nvidia_smi_pcie_throughput_/,
    /^nvidia_smi_(?:power_(?:default|max|min)_limit|power_limit|enforced_power_limit|power_draw_average)_watts$/,
    /^nvidia_smi_remapped_rows_histogram_/,
    /^nvidia_smi_utilization_(?:decoder|encoder|jpeg|memory|ofa)_ratio$/,
  ],
  'dcgm-exporter-readme.prom': [/^DCGM_FI_DEV_(?:SM|MEM)_CLOCK$/],
  'amd_device_metrics_exporter.prom': [/^gpu_nodes_total$/],
  'smartctl_exporter.prom': [
    /^smartctl_device_(?:available_spare_threshold|block_size|bytes_(?:read|written)|capacity_blocks|interface_speed)$/,
    /^smartctl_device_(?:num_err_log_entries|power_cycle_count|power_on_seconds|rotation_rate|smartctl_exit_status)$/,
    /^smartctl_device_status$|^smartctl_version$/,
  ],
  'vastai_exporter-readme.prom': [
    /^last_payout_time$|^vastai_instance_|^vastai_v2_/,
    /^vastai_machine_(?:per_gpu_(?:dlperf_score2?|teraflops)|rentals_count|supports_vms)$/,
  ],
} as const satisfies Record<string, readonly RegExp[]>;

const allSamples = [
  ...Object.keys(samples),
  'node_exporter.prom',
  'nvidia_gpu_exporter-h100-80gb-hbm3-load.prom',
  'nvidia_gpu_exporter-rtx-2080-super-idle.prom',
  'nvidia_gpu_exporter-rtx-2080-super-load.prom',
];

/** Names of the series that a sample prints. */
function printed(file: string): ReadonlySet<string> {
  const lines = sampleText(`exposition/${file}`).split('\n');
  return new Set(lines.flatMap((line) => /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0] ?? []));
}

describe.skipIf(missingSamples())('the recorded samples', () => {
  it('print every series that is called recorded', () => {
    const names = new Set(allSamples.flatMap((file) => [...printed(file)]));
    const recorded = everySeries.filter(({ dialect, name }) => evidenceOf(dialect, name).evidence === 'recorded');
    expect(recorded.length).toBeGreaterThan(60);
    expect(recorded.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
  });

  it.each(Object.entries(samples))(
    '%s prints nothing that is neither mapped nor left out on purpose',
    (file, unmapped) => {
      const mapped = new Set(everySeries.map(({ name }) => name));
      const strangers = [...printed(file)].filter(
        (name) => !mapped.has(name) && !unmapped.some((pattern) => pattern.test(name)),
      );
      expect(strangers).toEqual([]);
    },
  );

  it('print each default counter of dcgm-exporter under a name that is mapped or left out on purpose', () => {
    const defaults = sampleText('exposition/dcgm-exporter-default-counters.csv')
      .split('\n')
      .flatMap((line) => /^(DCGM_\w+)\s*,\s*(?:gauge|counter)/.exec(line)?.[1] ?? []);
    const leftOut =
      /_(?:SM|MEM)_CLOCK$|_(?:MEM_COPY|ENC|DEC)_UTIL$|NVLINK_BANDWIDTH|VGPU_LICENSE|PROF_(?:PIPE|DRAM|PCIE)_/;
    const mapped = new Set(everySeries.map(({ name }) => name));
    expect(defaults.length).toBeGreaterThan(20);
    expect(defaults.filter((name) => !mapped.has(name) && !leftOut.test(name))).toEqual([]);
  });

  it('know each opt-in line of dcgm-exporter word for word', () => {
    const file = sampleText('exposition/dcgm-exporter-default-counters.csv').replaceAll(/ +/g, ' ');
    const switches = dialects.find(({ id }) => id === 'dcgm-exporter')?.switches ?? [];
    const known = switches.filter(({ series }) => series.some((name) => file.includes(`# ${name},`)));
    expect(known.length).toBeGreaterThan(8);
    for (const { how } of known) expect(file).toContain(how.replace('counters file (-f): ', ''));
  });
});
