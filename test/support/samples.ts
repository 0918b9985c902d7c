import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = process.env['SAMPLES_DIR'] ?? resolve(import.meta.dirname, '../../../shared/data');

/**
 * For `describe.skipIf`: the recorded samples live beside the repository and are read in place. CI always has them: there
 * a missing folder is no reason to skip, and reading from it fails.
 */
export function missingSamples(): boolean {
  if (existsSync(folder)) return false;
  if (process.env['CI'] === 'true') return false;
  process.stderr.write(`skipped: no recorded samples at ${folder} (set SAMPLES_DIR)\n`);
  return true;
}

/** Bytes of one recorded sample, for example `exposition/node_exporter.prom`. */
export function readSample(path: string): Buffer {
  return readFileSync(join(folder, path));
}

export function sampleText(path: string): string {
  return readSample(path).toString('utf8');
}
