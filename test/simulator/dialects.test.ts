import { describe, expect, it } from 'vitest';
import type { Farm } from '../../adapters/simulator/farm.ts';
import { missingSamples, sampleText } from '../support/samples.ts';
import { epochMs, farmOf, hourMs, samplesOf, targetsOf, total } from './farms.ts';

const atMs = epochMs + 30 * hourMs + 12_345;

/** Family to the names of all labels that its samples carry. */
type Shapes = Map<string, Set<string>>;

function shapesOf(texts: readonly string[]): Shapes {
  const shapes: Shapes = new Map();
  for (const line of texts.join('\n').split('\n')) {
    const family = /^# HELP (\S+)/.exec(line)?.[1] ?? /^([a-zA-Z_]\w*)[{ ]/.exec(line)?.[1];
    if (family === undefined) continue;
    const names = shapes.get(family) ?? new Set();
    for (const label of line.startsWith('#') ? [] : line.matchAll(/[{,]\s*(\w+)="/g)) names.add(label[1] ?? '');
    shapes.set(family, names);
  }
  return shapes;
}

function printed(farm: Farm, exporter: Parameters<typeof targetsOf>[1]): string[] {
  return targetsOf(farm, exporter).map((target) => farm.render(target, atMs));
}

/** What we print and the recording does not: `family` or `family{label}`. */
function inventions(ours: Shapes, recorded: Shapes): string[] {
  return [...ours].flatMap(([family, names]) => {
    const known = recorded.get(family);
    if (known === undefined) return [family];
    return [...names].filter((name) => !known.has(name)).map((name) => `${family}{${name}}`);
  });
}

function types(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

function helps(text: string): Map<string, string> {
  return new Map([...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

describe('every dialect', () => {
  const farm = farmOf();

  it.each([
    'nvidia_gpu_exporter',
    'dcgm-exporter',
    'node_exporter',
    'trex_exporter',
    'lolminer_exporter',
    'vastai_exporter',
  ] as const)('%s parses as text exposition without a duplicate', (exporter) => {
    const pages = printed(farm, exporter);
    expect(pages.length).toBeGreaterThan(0);
    for (const page of pages) {
      const series = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      expect(samplesOf(page)).toHaveLength(series.length);
      expect(new Set(series.map((line) => line.slice(0, line.lastIndexOf(' ')))).size).toBe(series.length);
      expect(page).not.toMatch(/NaN|undefined|null/);
    }
  });

  it('prints as many series for a host as hosts have', () => {
    const counts = printed(farm, 'node_exporter').map((page) => samplesOf(page).length);
    expect(Math.min(...counts)).toBeGreaterThan(150);
    expect(Math.max(...counts)).toBeGreaterThan(700);
    expect(Math.max(...counts)).toBeLessThan(1_000);
  });
});

describe.skipIf(missingSamples())('against the recorded samples', () => {
  // A second cycle of kinds brings the other models.
  const farm = farmOf({ rigs: 33 });

  const recordings = [
    {
      exporter: 'nvidia_gpu_exporter',
      files: [
        'nvidia_gpu_exporter-rtx-2080-super-load.prom',
        'nvidia_gpu_exporter-rtx-2080-super-idle.prom',
        'nvidia_gpu_exporter-demo-seeded.prom',
      ],
      // The exporter's manual names it; no recording has had an XID since.
      unrecorded: ['nvidia_smi_xid_last_timestamp_seconds'],
    },
    {
      exporter: 'node_exporter',
      files: ['node_exporter.prom'],
      // The recording is made without these collectors, without the samples that its own run would change, and from the
      // memory information of an old kernel.
      unrecorded: [
        /^node_filesystem_(?:avail_bytes|device_error|files|files_free|free_bytes|readonly|size_bytes)$/,
        /^node_network_(?:receive|transmit)_(?:bytes|packets)_total\{device\}$/,
        'node_uname_info',
        'node_memory_MemAvailable_bytes',
      ],
    },
    {
      exporter: 'vastai_exporter',
      files: ['vastai_exporter-readme.prom'],
      // Where the manual's example and the exporter's source at the same commit differ, the farm prints what the source prints.
      unrecorded: [
        'vastai_last_payout_time',
        'vastai_machine_inet_bps{ip_address}',
        'vastai_machine_inet_bps{machine_id}',
        /^vastai_machine_per_gpu_dlperf_score_(?:chunk|whole)\{machine_id\}$/,
      ],
    },
  ] as const;

  it.each(recordings)(
    '$exporter prints no family and no label that the real one does not',
    ({ exporter, files, unrecorded }) => {
      const recorded = shapesOf(files.map((file) => sampleText(`exposition/${file}`)));
      const invented = inventions(shapesOf(printed(farm, exporter)), recorded);
      const unexplained = invented.filter(
        (name) => !unrecorded.some((known) => (typeof known === 'string' ? known === name : known.test(name))),
      );
      expect(unexplained).toEqual([]);
    },
  );

  it.each(recordings)('$exporter types and describes its families as the real one does', ({ exporter, files }) => {
    const recorded = files.map((file) => sampleText(`exposition/${file}`)).join('\n');
    const ours = printed(farm, exporter).join('\n');
    // The vastai_exporter's manual leaves most types out and wraps some descriptions.
    const recordedTypes = types(recorded);
    for (const [family, type] of types(ours))
      expect(`${family} ${recordedTypes.get(family) ?? type}`).toBe(`${family} ${type}`);
    const recordedHelps = helps(recorded);
    for (const [family, help] of helps(ours))
      expect(`${family} ${recordedHelps.get(family) ?? help}`).toBe(`${family} ${help}`);
  });

  it('dcgm-exporter prints default counters alone, with their types and descriptions', () => {
    const counters = new Map(
      sampleText('exposition/dcgm-exporter-default-counters.csv')
        .split('\n')
        .flatMap((line) => {
          const match = /^(DCGM_\w+)\s*,\s*(gauge|counter),\s*(.+)$/.exec(line);
          return match === null ? [] : [[match[1] ?? '', { type: match[2], help: match[3] }] as const];
        }),
    );
    const text = printed(farm, 'dcgm-exporter').join('\n');
    const ours = [...types(text)].map(([family, type]) => [family, { type, help: helps(text).get(family) }] as const);
    expect(ours.length).toBeGreaterThan(15);
    for (const [family, shape] of ours) expect([family, shape]).toEqual([family, counters.get(family)]);
    const names = new Set([...shapesOf([text]).values()].flatMap((labels) => [...labels]));
    expect([...names].toSorted()).toEqual([
      'DCGM_FI_DRIVER_VERSION',
      'Hostname',
      'UUID',
      'device',
      'gpu',
      'hostname',
      'modelName',
      'pci_bus_id',
    ]);
  });

  it('writes numbers as the real exporters do', () => {
    const recorded = sampleText('exposition/nvidia_gpu_exporter-rtx-2080-super-load.prom');
    const numbers = [...recorded.matchAll(/^nvidia_smi_\w+(?:\{[^}]*\})? (\S+)$/gm)].map((match) => match[1] ?? '');
    const shape = (number: string) =>
      number.includes('e') ? 'exponent' : Math.abs(Number(number)) >= 1e6 ? 'wrong' : 'plain';
    const ours = printed(farm, 'nvidia_gpu_exporter').flatMap((page) =>
      [...page.matchAll(/^\w+(?:\{[^}]*\})? (\S+)$/gm)].map((match) => match[1] ?? ''),
    );
    expect(new Set(ours.map(shape))).toEqual(new Set(numbers.map(shape)));
    expect(ours.filter((number) => /e[+-]\d$/.test(number))).toEqual([]);
  });
});

describe('traps', () => {
  const farm = farmOf();
  const page = (path: string) => {
    const target = farm.targets.find((candidate) => candidate.path === path);
    if (target === undefined) throw new Error(`no ${path}`);
    return samplesOf(farm.render(target, atMs));
  };

  it('GeForce and RTX A cards have no memory temperature in nvidia_gpu_exporter', () => {
    expect(printed(farm, 'nvidia_gpu_exporter').join('')).not.toContain('temperature_memory');
  });

  it('T-Rex prints 0 for a memory temperature and a power that it does not know', () => {
    const mixed = page('/rigs/qc-mixed-01/trex_exporter/metrics');
    const of = (name: string, device: string) => total(mixed, name, { device_id: device });
    expect(of('trex_gpu_memory_temperature', '0')).toBeGreaterThan(80);
    expect(of('trex_gpu_memory_temperature', '1')).toBe(0);
    expect(of('trex_gpu_power', '0')).toBe(0);
    expect(of('trex_gpu_power', '1')).toBeGreaterThan(130);
  });

  it('dcgm-exporter marks an unknown memory temperature in two ways, and two label names for the host', () => {
    const older = farm.targets.find(({ path }) => path === '/rigs/tx-ai-01/dcgm-exporter/metrics')!;
    expect(farm.render(older, atMs)).toMatch(
      /^DCGM_FI_DEV_MEMORY_TEMP\{.*Hostname="tx-ai-01".*\} 9223372036854775794$/m,
    );
    const newer = farm.targets.find(({ path }) => path === '/rigs/qc-a4000-01/dcgm-exporter/metrics')!;
    expect(farm.render(newer, atMs)).toMatch(/^DCGM_FI_DEV_MEMORY_TEMP\{.*hostname="qc-a4000-01".*\} 0$/m);
    expect(farm.render(newer, atMs)).not.toContain('FB_RESERVED');
  });

  it('an idle card falls back to the first PCIe generation and keeps its width', () => {
    const idle = page('/rigs/in-3090-01/nvidia_gpu_exporter/metrics');
    for (const [name, value] of [
      ['pstate', 8],
      ['pcie_link_gen_current', 1],
      ['pcie_link_gen_max', 4],
      ['pcie_link_width_current', 16],
    ] as const) {
      expect(total(idle, `nvidia_smi_${name}`)).toBe(value * 4);
    }
  });

  it('risers have one lane, which the link of some boards calls its maximum', () => {
    const riser = page('/rigs/qc-riser-01/nvidia_gpu_exporter/metrics');
    expect(total(riser, 'nvidia_smi_pcie_link_width_current')).toBe(4);
    expect(total(riser, 'nvidia_smi_pcie_link_width_max')).toBe(64);
    expect(farm.rig(7).cards.map(({ lanes, lanesMax }) => [lanes, lanesMax])).toEqual(Array(4).fill([1, 1]));
  });

  it('nvidia_gpu_exporter says the UUID alone everywhere but in its identity and its processes', () => {
    const others = page('/rigs/tx-3080-01/nvidia_gpu_exporter/metrics').filter(
      ({ name }) => !/gpu_info|compute_app_/.test(name),
    );
    expect(new Set(others.map(({ labels }) => Object.keys(labels).join()))).toEqual(new Set(['uuid', '']));
  });

  it('one card is hot', () => {
    let hottest = 0;
    for (let hour = 0; hour < 48; hour++) {
      const reading = farm.readRig(6, epochMs + hour * hourMs).cards.at(-1)!;
      if (reading.activity === 'mining') {
        hottest++;
        expect([reading.coreCelsius, reading.memoryCelsius]).toEqual([92, 104]);
      }
    }
    expect(hottest).toBeGreaterThan(0);
  });
});
