import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Labels } from '../../src/ports/metrics.ts';
import type { RecordedScrape } from './recorded-scrapes.ts';
import { findProgram } from './servers.ts';

const importLimitMs = 60_000;
const scrapesPerPart = 100;

/**
 * Writes what a Prometheus server would have stored of these scrapes, `up` among it, into `folder`, where a server can
 * start on it. Returns the path of its storage.
 */
export async function writePrometheusBlocks(scrapes: Iterable<RecordedScrape>, folder: string): Promise<string> {
  const promtool = findProgram('promtool');
  if (promtool === null) throw new Error('the program promtool is not installed');
  const file = join(folder, 'history.om');
  const storage = join(folder, 'storage');
  const seconds = (atMs: number) => (atMs / 1000).toFixed(3);
  await pipeline(Readable.from(exposition(scrapes, seconds, '# EOF\n')), createWriteStream(file));
  const importing = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, storage];
  await promisify(execFile)(promtool, importing, { timeout: importLimitMs });
  return storage;
}

/** What a server would have stored of these scrapes as text without metadata, in parts; `time` prints a timestamp. */
export function* exposition(
  scrapes: Iterable<RecordedScrape>,
  time: (atMs: number) => string,
  end = '',
): Generator<string> {
  const printed = new Map<Labels, string>();
  const series = (labels: Labels) => {
    const text = printed.get(labels) ?? printLabels(labels);
    printed.set(labels, text);
    return text;
  };
  let lines: string[] = [];
  let inPart = 0;
  for (const { target, atMs, samples } of scrapes) {
    const at = time(atMs);
    const own = series(target.labels);
    lines.push(`up${own} ${samples === null ? 0 : 1} ${at}`);
    lines.push(`scrape_samples_scraped${own} ${samples?.length ?? 0} ${at}`);
    for (const { name, labels, value } of samples ?? []) {
      lines.push(`${name}${series(labels)} ${printValue(value)} ${at}`);
    }
    inPart += 1;
    if (inPart < scrapesPerPart) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
    inPart = 0;
  }
  yield `${lines.join('\n')}\n${end}`;
}

function printLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{${pairs.join(',')}}`;
}

function printValue(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return `${value}`;
  return value > 0 ? '+Inf' : '-Inf';
}
