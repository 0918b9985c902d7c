import { type LineSeries, speedtestDialect, speedtests } from '../data/speedtests.ts';
import type { Dialect } from '../domain/dialect.ts';
import type { WrittenSpeedtest } from './dialect-schema.ts';

/** The operator's choice as a dialect; null where nothing is chosen. Takes what the schema has accepted. */
export function speedtestDialectOf({ variant, download, upload }: WrittenSpeedtest): Dialect | null {
  if (variant !== null) {
    const known = speedtests.find(({ id }) => id === variant);
    return known === undefined ? null : speedtestDialect(known);
  }
  if (download === null && upload === null) return null;
  const own = { evidence: 'configured', source: 'metrics.speedtest' } as const;
  return speedtestDialect({ ...own, down: lineOf(download), up: lineOf(upload) });
}

function lineOf(line: WrittenSpeedtest['download']): LineSeries | null {
  if (line === null) return null;
  const { series, unit, only } = line;
  return { series, unit, ...(only && { only }) };
}
