import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Labels, MetricsSource, WantedFamilies } from '../../src/ports/metrics.ts';
import { type Behaviour, type FakeExporter, startExporters } from '../support/exporter-farm.ts';
import { until } from '../support/prometheus-server.ts';
import { type RecordedTarget, record } from '../support/recording-sinks.ts';

/** DCGM's value for what a card does not support. */
const notSupported = Number('9223372036854775794');

/** What the source under test is told of the farm: where its exporters are and which labels they carry. */
export interface ContractTarget {
  readonly url: string;
  readonly labels: Labels;
}

export interface ContractSource {
  readonly source: MetricsSource;
  readonly stop: () => Promise<void>;
}

const families: WantedFamilies = new Map([
  ['gpu_temperature', null],
  ['gpu_info', null],
  ['gpu_power_watts', null],
  ['fan_speed', null],
  ['nothing_prints_this', null],
  ['cpu_seconds', { label: 'mode', value: 'idle' }],
  ['disk_info', { label: 'model', value: 'a "b" \\ {c}' }],
  ['placed', { label: 'site', value: 'north' }],
  ['moved', { label: 'exported_site', value: 'south' }],
]);

const cards = `# HELP gpu_temperature Core temperature.
# TYPE gpu_temperature gauge
gpu_temperature{uuid="GPU-1"} 61.5
gpu_temperature{uuid="GPU-2"} NaN
gpu_temperature{uuid="GPU-3"} 9223372036854775794
gpu_temperature{uuid="GPU-4"} -0
gpu_info{uuid="GPU-1",name="say \\"hi\\" \\\\ and \\n more é漢🦀",empty=""} 1
gpu_info{uuid="GPU-2",instance="its own",job="its job",site="its site",exported_site="taken"} 1
gpu_power_watts{uuid="GPU-1"} 3.6465664e+02
gpu_power_watts{uuid="GPU-2"} +Inf
gpu_power_watts{uuid="GPU-3"} 0.1
gpu_power_watts{uuid="GPU-4"} 5e-324
not_wanted{uuid="GPU-1"} 17
`;
const host = `cpu_seconds{cpu="0",mode="idle"} 1
cpu_seconds{cpu="0",mode="user"} 2
cpu_seconds{mode="idle",cpu="1"} 3
cpu_seconds{cpu="2",old_mode="idle"} 4
cpu_seconds{cpu="mode=\\"idle\\""} 5
cpu_seconds{cpu="3",mode="idle "} 6
cpu_seconds{cpu="4",mode="idle\\n"} 7
cpu_seconds 8
disk_info{model="a \\"b\\" \\\\ {c}"} 9
disk_info{model="a"} 10
placed{site="north"} 11
placed{site="south"} 12
moved{site="south"} 13
moved{site="north"} 14
moved{exported_site="south",card="0"} 15
cpu_seconds{cpu="0",mode="idle"} 16
`;
const fan = 'fan_speed{fan="0"} 900\n';

const farm = {
  cards: { kind: 'prints', text: cards },
  host: { kind: 'prints', text: host },
  fans: { kind: 'prints', text: `${fan}fan_speed{fan="1"} 1200\n` },
  mortal: { kind: 'prints', text: fan },
  silent: { kind: 'prints', text: '' },
  broken: { kind: 'status', status: 500 },
} satisfies Record<string, Behaviour>;

/**
 * What every source of metrics promises, on a small farm of exporters. `lossy`: VictoriaMetrics stores no NaN,
 * which is unknown either way, nor the sign of zero, nor the smallest numbers, of a label that conflicts twice only one, and
 * of a series that is printed twice either value.
 */
export function metricsSourceContract(
  name: string,
  start: (targets: readonly ContractTarget[]) => Promise<ContractSource>,
  { lossy = false }: { readonly lossy?: boolean } = {},
): void {
  describe(`${name} as a source of metrics`, () => {
    let exporters: Readonly<Record<keyof typeof farm, FakeExporter>>;
    let stopFarm: () => Promise<void>;
    let tested: ContractSource;

    const observe = async () => (await record(tested.source, families)).sinks;
    const isDone = async (exporter: FakeExporter) =>
      (await observe()).targets.some(
        (one) => one.identity.instance === exporter.instance && one.outcome.kind === 'done',
      );

    beforeAll(async () => {
      const started = await startExporters(farm);
      exporters = started.exporters;
      stopFarm = started.stop;
      tested = await start(Object.values(exporters).map(({ url }) => ({ url, labels: { site: 'north' } })));
      const all = Object.values(exporters);
      await until(20_000, async () => {
        const { targets } = await observe();
        return targets.filter(({ outcome }) => outcome.kind !== 'open').length === all.length;
      });
    });
    afterAll(async () => {
      await tested?.stop();
      await stopFarm?.();
    });

    it('hands on names, labels and values as they are printed', async () => {
      const { instance } = exporters.cards;
      const target = { instance, site: 'north' };
      const found = (await observe()).of(instance);
      expect(withoutJob(found.identity.labels)).toEqual(target);
      const own = (uuid: string, more: Labels = {}) => ({ ...target, uuid, ...more });
      expect(plain(found)).toEqual(
        sorted([
          ['gpu_temperature', own('GPU-1'), 61.5],
          ...(lossy ? [] : [['gpu_temperature', own('GPU-2'), Number.NaN] as const]),
          ['gpu_temperature', own('GPU-3'), notSupported],
          ['gpu_temperature', own('GPU-4'), lossy ? 0 : -0],
          ['gpu_info', own('GPU-1', { name: 'say "hi" \\ and \n more é漢🦀' }), 1],
          [
            'gpu_info',
            own('GPU-2', {
              exported_instance: 'its own',
              exported_job: 'its job',
              exported_site: 'taken',
              ...(lossy ? {} : { exported_exported_site: 'its site' }),
            }),
            1,
          ],
          ['gpu_power_watts', own('GPU-1'), 364.65664],
          ['gpu_power_watts', own('GPU-2'), Number.POSITIVE_INFINITY],
          ['gpu_power_watts', own('GPU-3'), 0.1],
          ['gpu_power_watts', own('GPU-4'), lossy ? 0 : Number.MIN_VALUE],
        ]),
      );
    });

    it('hands on only the wanted series of a family, by the labels that it hands on, and each once', async () => {
      const found = (await observe()).of(exporters.host.instance);
      expect(found.outcome).toMatchObject({ kind: 'done', samples: 16 });
      const values = found.samples.map(({ value }) => (lossy && value === 16 ? 1 : value));
      expect(values.sort((a, b) => a - b)).toEqual([1, 3, 9, 11, 12, 13, 15]);
    });

    it('says when a target was scraped and how many samples it printed', async () => {
      const found = (await observe()).of(exporters.cards.instance);
      expect(found.outcome).toMatchObject({ kind: 'done', samples: 11 });
      const atMs = found.outcome.kind === 'done' ? found.outcome.atMs : 0;
      expect(found.samples.every(({ timestampMs }) => timestampMs === atMs)).toBe(true);
      expect(Math.abs(Date.now() - atMs)).toBeLessThan(15_000);
    });

    it('tells a target that prints nothing from one that cannot be read', async () => {
      const sinks = await observe();
      expect(sinks.of(exporters.silent.instance)).toMatchObject({ samples: [], outcome: { kind: 'done', samples: 0 } });
      expect(sinks.of(exporters.broken.instance).outcome.kind).toBe('failed');
    });

    it('lets a series go that the target no longer prints', async () => {
      const count = async () => (await observe()).of(exporters.fans.instance).samples.length;
      expect(await count()).toBe(2);
      exporters.fans.behaviour = { kind: 'prints', text: fan };
      await until(5_000, async () => (await count()) === 1);
      expect((await observe()).of(exporters.fans.instance).samples).toMatchObject([
        { labels: { fan: '0' }, value: 900 },
      ]);
    });

    it('takes a target that dies for dead, with none of its series', async () => {
      await exporters.mortal.stop();
      await until(5_000, async () => !(await isDone(exporters.mortal)));
      const dead = (await observe()).of(exporters.mortal.instance);
      expect(dead).toMatchObject({ samples: [], outcome: { kind: 'failed' } });
      expect((await observe()).of(exporters.cards.instance).outcome.kind).toBe('done');
    });
  });
}

function withoutJob(labels: Labels): Labels {
  const { job: _job, ...others } = labels;
  return others;
}

type PlainSample = readonly [name: string, labels: Labels, value: number];

function plain({ samples }: RecordedTarget): readonly PlainSample[] {
  return sorted(samples.map(({ name, labels, value }) => [name, withoutJob(labels), value]));
}

function sorted(samples: readonly PlainSample[]): readonly PlainSample[] {
  const key = ([name, labels]: PlainSample) => `${name}${labels['uuid']}`;
  return [...samples].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
