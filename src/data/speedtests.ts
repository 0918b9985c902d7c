import type { Conversion, Dialect, Evidence, LabelFilter, SeriesMapping } from '../domain/dialect.ts';
import type { Unit } from '../domain/units.ts';

/** One direction of a line: which series, in which unit. */
export interface LineSeries {
  readonly series: string;
  readonly unit: Unit;
  readonly only?: LabelFilter;
}

export interface Speedtest {
  readonly id: string;
  readonly evidence: Evidence;
  readonly source: string;
  readonly down: LineSeries;
  readonly up: LineSeries;
}

function both(download: string, upload: string, unit: Unit): Pick<Speedtest, 'down' | 'up'> {
  return { down: { series: download, unit }, up: { series: upload, unit } };
}

function byDirection(series: string, unit: Unit): Pick<Speedtest, 'down' | 'up'> {
  const only = (value: string) => ({ series, unit, only: { label: 'direction', value } });
  return { down: only('downstream'), up: only('upstream') };
}

/**
 * Exporters of speed tests, none of which is read unless it is chosen: their names say nothing of who prints them, and the
 * same name is another thing elsewhere (`speedtest_download_bytes` is a speed in one and an amount in another). Not here is
 * danopstech/speedtest_exporter: its `speedtest_download_speed_Bps` is 2^20 times what its library calls the speed, in a unit
 * that depends on the library's release.
 */
export const speedtests: readonly Speedtest[] = [
  {
    id: 'miguelndecarvalho',
    evidence: 'published',
    source: 'MiguelNdeCarvalho/speedtest-exporter src/exporter.py @ 028fd2dd',
    ...both('speedtest_download_bits_per_second', 'speedtest_upload_bits_per_second', 'bit/s'),
  },
  {
    id: 'heathcliff26',
    evidence: 'published',
    source: 'heathcliff26/speedtest-exporter pkg/collector/collector.go @ 0ce5add6',
    ...both('speedtest_download_megabits_per_second', 'speedtest_upload_megabits_per_second', 'Mbit/s'),
  },
  {
    id: 'billimek',
    evidence: 'published',
    source: 'billimek/prometheus-speedtest-exporter speedtest-exporter.sh @ 5fb93126',
    ...both('speedtest_download_bytes', 'speedtest_upload_bytes', 'byte/s'),
  },
  {
    id: 'caarlos0',
    evidence: 'published',
    source: 'caarlos0/speedtest-exporter collector/speedtest.go @ 03bc99aa',
    ...both('speedtest_download_bytes_second', 'speedtest_upload_bytes_second', 'byte/s'),
  },
  {
    id: 'nlamirault',
    evidence: 'published',
    source: 'nlamirault/speedtest_exporter speedtest_exporter.go @ 0ee1c379',
    ...both('speedtest_download', 'speedtest_upload', 'Mbit/s'),
  },
  {
    // Its sample prints 117.949 under this name.
    id: 'stefanwalther',
    evidence: 'published',
    source: 'stefanwalther/speedtest-exporter METRICS.md @ 0432043f',
    ...byDirection('speedtest_bits_per_second', 'Mbit/s'),
  },
  {
    id: 'prometheus-speedtest',
    evidence: 'published',
    source: 'prometheus_speedtest README.md',
    ...both('download_speed_bps', 'upload_speed_bps', 'bit/s'),
  },
  {
    id: 'speedtest-tracker',
    evidence: 'published',
    source: 'alexjustesen/speedtest-tracker documentation, Prometheus',
    ...both('speedtest_tracker_download_bits_per_second', 'speedtest_tracker_upload_bits_per_second', 'bit/s'),
  },
  {
    id: 'bps',
    evidence: 'unverified',
    source: 'READINESS.md 1.3; several small exporters',
    ...both('speedtest_download_bps', 'speedtest_upload_bps', 'bit/s'),
  },
];

/** A test that has not run yet or has failed is 0 with most of them. */
const unknown = { unknown: [0] } as const satisfies Omit<Conversion, 'unit'>;

/** What a farm chose, one of `speedtests` or series of its own, as a dialect. Null for a direction that nobody measures. */
export function speedtestDialect(choice: {
  readonly evidence: Evidence;
  readonly source: string;
  readonly down: LineSeries | null;
  readonly up: LineSeries | null;
}): Dialect {
  const { evidence, source, down, up } = choice;
  return { id: 'speedtest', evidence, source, scope: 'rig', nameLabels: [], series: seriesOf(down, up) };
}

/** @throws RangeError when one series is to be both directions and no label tells them apart. */
function seriesOf(down: LineSeries | null, up: LineSeries | null): Dialect['series'] {
  if (down === null || up === null || down.series !== up.series) {
    return {
      ...(down && { [down.series]: lineOf('down', down) }),
      ...(up && { [up.series]: lineOf('up', up) }),
    };
  }
  const { series, unit } = down;
  if (down.only === undefined || up.only?.label !== down.only.label || up.unit !== unit) {
    throw new RangeError(`${series} cannot be both directions`);
  }
  const { label } = down.only;
  return { [series]: { kind: 'lines', label, down: down.only.value, up: up.only.value, unit, ...unknown } };
}

function lineOf(direction: 'down' | 'up', { unit, only }: LineSeries): SeriesMapping {
  return { kind: 'line', direction, unit, ...unknown, ...(only && { only }) };
}
