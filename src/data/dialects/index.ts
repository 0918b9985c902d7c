import type { Dialect } from '../../domain/dialect.ts';
import { amdDeviceMetricsExporter } from './amd-device-metrics-exporter.ts';
import { antminerExporter } from './antminer-exporter.ts';
import { blackboxExporter } from './blackbox-exporter.ts';
import { braiinsOs } from './braiins-os.ts';
import { cgminerExporter } from './cgminer-exporter.ts';
import { dcgmExporter } from './dcgm-exporter.ts';
import { hiveosExporter } from './hiveos-exporter.ts';
import { lolminerExporter } from './lolminer-exporter.ts';
import { nicehashExporter } from './nicehash-exporter.ts';
import { nodeExporter } from './node-exporter.ts';
import { nvidiaGpuExporter } from './nvidia-gpu-exporter.ts';
import { rigshiftTextfile } from './rigshift-textfile.ts';
import { smartctlExporter } from './smartctl-exporter.ts';
import { trexExporter } from './trex-exporter.ts';
import { vastaiExporter } from './vastai-exporter.ts';
import { xmrigExporter } from './xmrig-exporter.ts';

/**
 * Every dialect that Rigshift reads without being told. Earlier ones win where two exporters say the same of one card: what
 * reads the driver before what a miner hands on, a rig's own words before those of a service.
 */
export const dialects: readonly Dialect[] = [
  nvidiaGpuExporter,
  dcgmExporter,
  amdDeviceMetricsExporter,
  lolminerExporter,
  trexExporter,
  xmrigExporter,
  hiveosExporter,
  nicehashExporter,
  rigshiftTextfile,
  nodeExporter,
  smartctlExporter,
  cgminerExporter,
  antminerExporter,
  braiinsOs,
  vastaiExporter,
  blackboxExporter,
];
