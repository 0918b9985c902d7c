import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Farm } from '../../adapters/simulator/farm.ts';
import { renderHistory } from '../../adapters/simulator/history.ts';
import type { WantedFamilies } from '../../src/ports/metrics.ts';
import { until } from './server-process.ts';
import { findProgram } from './servers.ts';

const importLimitMs = 120_000;

export interface ServedPeriod {
  readonly farm: Farm;
  /** What else its exporters print nobody asks for. */
  readonly families: WantedFamilies;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/**
 * What a server would have stored of a simulated farm, in its text of milliseconds: printed once, for servers of either
 * kind. The labels are merged by the simulator's own code and not by that which Rigshift scrapes with.
 */
export function historyParts({ farm, families, fromMs, toMs, stepMs }: ServedPeriod): readonly string[] {
  const isWanted = (line: string) => {
    const name = line.slice(0, line.indexOf('{'));
    return families.has(name) || name === 'up' || name === 'scrape_samples_scraped';
  };
  return Array.from(renderHistory(farm, fromMs, toMs, stepMs), (part) => part.split('\n').filter(isWanted).join('\n'));
}

/** Blocks of it that a Prometheus server can start on; returns the path of its storage. */
export async function writeHistoryBlocks(parts: readonly string[], folder: string): Promise<string> {
  const promtool = findProgram('promtool');
  if (promtool === null) throw new Error('the program promtool is not installed');
  const file = join(folder, 'history.om');
  const storage = join(folder, 'storage');
  function* openMetrics() {
    // The last three digits of a timestamp are the milliseconds of a second.
    for (const part of parts) yield `${part.replaceAll(/(\d{3})$/gm, '.$1')}\n`;
    yield '# EOF\n';
  }
  await pipeline(Readable.from(openMetrics()), createWriteStream(file));
  const importing = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, storage];
  await promisify(execFile)(promtool, importing, { timeout: importLimitMs });
  return storage;
}

/** Gives it to a VictoriaMetrics and waits until every scrape is found there. */
export async function importHistory(url: string, parts: readonly string[], period: ServedPeriod): Promise<void> {
  for (const part of parts) {
    const response = await fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body: `${part}\n` });
    if (!response.ok) throw new Error(`the import was refused: ${await response.text()}`);
    await response.body?.cancel();
  }
  const { farm, fromMs, toMs, stepMs } = period;
  const scrapes = farm.targets.length * (1 + Math.floor((toMs - fromMs) / stepMs));
  const counting = new URLSearchParams({
    query: `sum(count_over_time(up[${toMs - fromMs + 1000}ms]))`,
    time: `${(toMs + 1) / 1000}`,
    nocache: '1',
  });
  await until(30_000, async () => {
    const answer = await (await fetch(`${url}/api/v1/query`, { method: 'POST', body: counting })).text();
    return answer.includes(`"${scrapes}"`);
  });
}
