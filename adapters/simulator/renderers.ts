import { renderAmdDeviceMetricsExporter } from './dialects/amd-device-metrics-exporter.ts';
import { renderAntminerExporter } from './dialects/antminer-exporter.ts';
import { renderBlackboxExporter } from './dialects/blackbox-exporter.ts';
import { renderBraiinsOs } from './dialects/braiins-os.ts';
import { renderCgminerExporter } from './dialects/cgminer-exporter.ts';
import { renderDcgmExporter } from './dialects/dcgm-exporter.ts';
import { renderFarmxExporter } from './dialects/farmx-exporter.ts';
import { renderLolminerExporter } from './dialects/lolminer-exporter.ts';
import { renderNodeExporter } from './dialects/node-exporter.ts';
import { renderNvidiaGpuExporter } from './dialects/nvidia-gpu-exporter.ts';
import { renderSmartctlExporter } from './dialects/smartctl-exporter.ts';
import { renderSpeedtestExporter } from './dialects/speedtest-exporter.ts';
import { renderTrexExporter } from './dialects/trex-exporter.ts';
import { renderXmrigExporter } from './dialects/xmrig-exporter.ts';
import type { RigReading } from './reading.ts';
import type { RigExporterName } from './rig-kinds.ts';

export { renderHiveosExporter } from './dialects/hiveos-exporter.ts';
export { renderNicehashExporter } from './dialects/nicehash-exporter.ts';
export { renderVastaiExporter } from './dialects/vastai-exporter.ts';

/** What exporters of one rig print. */
export const renderers = {
  nvidia_gpu_exporter: renderNvidiaGpuExporter,
  'dcgm-exporter': renderDcgmExporter,
  node_exporter: renderNodeExporter,
  trex_exporter: renderTrexExporter,
  lolminer_exporter: renderLolminerExporter,
  xmrig_exporter: renderXmrigExporter,
  amd_device_metrics_exporter: renderAmdDeviceMetricsExporter,
  cgminer_exporter: renderCgminerExporter,
  antminer_exporter: renderAntminerExporter,
  braiins_os: renderBraiinsOs,
  farmx_exporter: renderFarmxExporter,
  smartctl_exporter: renderSmartctlExporter,
  speedtest_exporter: renderSpeedtestExporter,
  blackbox_exporter: renderBlackboxExporter,
} as const satisfies Record<RigExporterName, (reading: RigReading) => string>;
