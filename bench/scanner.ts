import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import { LabelSets } from '../adapters/exporters/label-sets.ts';
import { ExpositionScanner } from '../adapters/exporters/scanner.ts';
import { WantedNames } from '../adapters/exporters/wanted-names.ts';
import { wholeFamilies } from '../test/support/recording-sinks.ts';
import { readSample } from '../test/support/samples.ts';

export interface ScannerRow {
  readonly what: string;
  readonly megabytesPerSecond: number;
  readonly nanosecondsPerSample: number;
}

const files = [
  'node_exporter',
  'nvidia_gpu_exporter-demo-seeded',
  'nvidia_gpu_exporter-h100-80gb-hbm3-load',
  'nvidia_gpu_exporter-rtx-2080-super-load',
];

/** About as many families as the dialects map. */
const families = `node_uname_info node_boot_time_seconds node_cpu_info node_cpu_seconds_total node_memory_MemTotal_bytes
node_memory_MemAvailable_bytes node_filesystem_size_bytes node_filesystem_avail_bytes node_disk_info node_os_info
node_network_speed_bytes node_pcidevice_current_link_width node_hwmon_temp_celsius node_edac_uncorrectable_errors_total
node_drm_memory_vram_size_bytes nvidia_smi_gpu_info nvidia_smi_temperature_gpu nvidia_smi_power_draw_watts
nvidia_smi_utilization_gpu_ratio nvidia_smi_memory_total_bytes nvidia_smi_memory_used_bytes nvidia_smi_compute_apps
nvidia_smi_pcie_link_width_current nvidia_smi_pcie_link_width_max nvidia_smi_pcie_link_gen_current
nvidia_smi_ecc_errors_uncorrected_volatile_total DCGM_FI_DEV_GPU_TEMP DCGM_FI_DEV_POWER_USAGE DCGM_FI_DEV_GPU_UTIL
DCGM_FI_DEV_FB_FREE DCGM_FI_DEV_FB_USED DCGM_FI_DEV_XID_ERRORS trex_gpu_hashrate lolminer_gpu_performance_mhps
rig_power_watts rig_hashrate vastai_machine_used_gpu_count vastai_machine_reliability smartctl_device_temperature`.split(
  /\s+/,
);

/** As a socket hands it over. */
const chunkBytes = 65_536;
const leastBytes = 200_000_000;

/** How fast recorded samples are read by our scanner, beside JSON.parse of the same samples and the parser of npm. */
export async function benchScanner(): Promise<readonly ScannerRow[]> {
  const bytes = Buffer.concat(files.map((file) => readSample(`exposition/${file}.prom`)));
  const text = bytes.toString('utf8');
  const names = [...new Set(text.match(/^[a-zA-Z_:][\w:]*/gm))];
  const all = scanner(names);
  const everything: unknown[] = [];
  const samples = all(bytes, (...sample) => everything.push(sample));
  const json = JSON.stringify(everything);
  const some = scanner(families);
  return [
    measure('scanner, families of the dialects', bytes.length, samples, () => some(bytes, () => {})),
    measure('scanner, every family', bytes.length, samples, () => all(bytes, () => {})),
    measure('JSON.parse of the same samples', json.length, samples, () => JSON.parse(json)),
    measure(
      'parse-prometheus-text-format',
      bytes.length,
      samples,
      () => parsePrometheusTextFormat(text),
      leastBytes / 10,
    ),
  ];
}

type Take = (name: string, labels: object, value: number, timestampMs: number) => void;

/** Reads one exposition after another as one target's; returns how many samples came. */
function scanner(names: readonly string[]): (bytes: Buffer, take: Take) => number {
  const wanted = new WantedNames(wholeFamilies(names));
  const labelSets = new LabelSets({ instance: 'a1:9100', job: 'exporters' });
  return (bytes, sample) => {
    const scan = new ExpositionScanner({ wanted, labelSets, scrapedAtMs: 0, openMetrics: false, sample });
    for (let at = 0; at < bytes.length; at += chunkBytes) scan.write(bytes.subarray(at, at + chunkBytes));
    scan.end();
    return scan.samples;
  };
}

function measure(what: string, size: number, samples: number, run: () => unknown, least = leastBytes): ScannerRow {
  const rounds = Math.ceil(least / size);
  for (let round = 0; round < rounds / 5; round++) run();
  const startedMs = performance.now();
  for (let round = 0; round < rounds; round++) run();
  const seconds = (performance.now() - startedMs) / 1000;
  return {
    what,
    megabytesPerSecond: Math.round((size * rounds) / 1e6 / seconds),
    nanosecondsPerSample: Math.round((seconds * 1e9) / (samples * rounds)),
  };
}

if (import.meta.main) {
  for (const { what, megabytesPerSecond, nanosecondsPerSample } of await benchScanner()) {
    process.stdout.write(
      `${what.padEnd(36)} ${String(megabytesPerSecond).padStart(5)} MB/s ${nanosecondsPerSample} ns/sample\n`,
    );
  }
}
