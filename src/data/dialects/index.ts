import type { Dialect } from '../../domain/dialect.ts';
import { dcgmExporter } from './dcgm-exporter.ts';
import { lolminerExporter } from './lolminer-exporter.ts';
import { nodeExporter } from './node-exporter.ts';
import { nvidiaGpuExporter } from './nvidia-gpu-exporter.ts';
import { trexExporter } from './trex-exporter.ts';
import { vastaiExporter } from './vastai-exporter.ts';

/** Every dialect that Rigshift reads. Earlier ones win where two exporters say the same of one card. */
export const dialects: readonly Dialect[] = [
  nvidiaGpuExporter,
  dcgmExporter,
  lolminerExporter,
  trexExporter,
  nodeExporter,
  vastaiExporter,
];
