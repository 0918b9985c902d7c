import { describe, expect, it } from 'vitest';
import { dialects } from '../../src/data/dialects/index.ts';
import type { Dialect } from '../../src/domain/dialect.ts';
import { familiesOf, wantedFamilies } from '../../src/domain/observation/families.ts';
import { type CheckParts, checkReport } from '../../src/fleet/check/check-report.ts';
import type { CheckedSystem, Finding } from '../../src/fleet/check/report.ts';
import { SeriesCount } from '../../src/fleet/check/series-count.ts';
import { farmOf, siteOf } from '../support/farms.ts';
import { metricsSettings } from '../support/metrics-settings.ts';
import { asicOf, gpuOf, hostOf, miningCard, rigOf } from '../support/rigs.ts';
import { ScriptedSource, type ScriptedTarget } from '../support/scripted-source.ts';
import { snapshotOf } from '../support/snapshots.ts';

const ledger = { hoursDays: 60, aggregatesDays: 400, changesDays: 60, backfillDays: 7 };

function reportOf(parts: Partial<CheckParts> = {}) {
  return checkReport({
    configuration: '/farm/rigshift.yaml',
    farm: farmOf(),
    metrics: metricsSettings(),
    ledger,
    systems: [],
    snapshot: snapshotOf([rigOf([miningCard()])]),
    count: { names: new Map(), foreign: [] },
    ...parts,
  });
}

const prometheus: CheckedSystem = {
  kind: 'metrics',
  system: 'prometheus',
  address: 'http://p',
  version: 'Prometheus 3.5.0',
  latencyMs: 3,
  clockAheadMs: 0,
  failure: null,
  remedy: null,
  notes: [],
};

/** What targets print, counted on its way, for these dialects of the operator. */
async function counted(targets: Readonly<Record<string, ScriptedTarget>>, own: readonly Dialect[] = []) {
  const families = familiesOf([...dialects, ...own]);
  const count = new SeriesCount(families);
  const source = new ScriptedSource();
  source.targets = targets;
  const received: string[] = [];
  await count.counting(source).observe({
    families: wantedFamilies(families),
    open: () => ({ sample: (name) => received.push(name), done: () => {}, fail: () => {} }),
    signal: AbortSignal.timeout(1_000),
  });
  return { count, received };
}

const panel: Dialect = {
  id: 'panel',
  evidence: 'configured',
  source: 'metrics.dialects',
  scope: 'rig',
  nameLabels: [],
  card: { slot: ['gpu'] },
  series: {
    panel_power: { kind: 'card', signal: 'powerWatts', unit: 'mW', unknown: [0] },
    panel_temp: {
      kind: 'card',
      signal: 'coreTemperatureCelsius',
      unit: 'celsius',
      among: { label: 'sensor', values: ['core'] },
    },
    panel_typo: { kind: 'rig-power', unit: 'W' },
    nvidia_smi_power_draw_watts: { kind: 'card', signal: 'powerWatts', unit: 'W' },
  },
};

describe('the exit code', () => {
  it('is 0 where there is nothing to mend', () => {
    const report = reportOf({ systems: [prometheus] });
    expect(report).toMatchObject({ exitCode: 0, findings: [], fleet: { rigs: 1, gpus: 1, asics: 0, rigsUp: 1 } });
  });

  it('is 1 where something outside does not answer, whatever else does not fit', () => {
    const failed = { ...prometheus, latencyMs: null, failure: 'connection refused', remedy: 'start it' };
    const report = reportOf({ systems: [failed], snapshot: null });
    expect(report).toMatchObject({ exitCode: 1, fleet: null, dialects: [], missing: [] });
    expect(report.findings).toEqual([
      { kind: 'outside', found: 'connection refused', about: ['prometheus http://p'], remedy: 'start it' },
    ]);
    expect(reportOf({ systems: [failed], snapshot: snapshotOf([rigOf([], { site: null })]) }).exitCode).toBe(1);
  });

  it('is 1 for an answer with a part missing, and 0 for a mere warning', () => {
    const warnings = ['receive series from 10.0.0.2: unavailable'];
    expect(reportOf({ snapshot: snapshotOf([], { warnings, incomplete: true }) }).exitCode).toBe(1);
    expect(reportOf({ snapshot: snapshotOf([], { warnings }) })).toMatchObject({
      exitCode: 0,
      findings: [{ kind: 'remark', found: warnings[0] }],
    });
  });

  it.each([
    [4_000, 0],
    [-5_001, 2],
    [5_001, 2],
  ])('of a server whose clock is %d ms ahead is %d', (clockAheadMs, exitCode) => {
    expect(reportOf({ systems: [{ ...prometheus, clockAheadMs }] }).exitCode).toBe(exitCode);
  });

  it('is 0 for a store with something to say', () => {
    const store = { ...prometheus, kind: 'store', system: 'SQLite', address: 'x.db', notes: ['is empty'] } as const;
    expect(reportOf({ systems: [store] })).toMatchObject({
      exitCode: 0,
      findings: [{ kind: 'remark', found: 'is empty', about: ['SQLite x.db'] }],
    });
  });

  it('is 0 for a system that is not built yet, which is said', () => {
    const alerts = { ...prometheus, kind: 'alerts', system: 'alertmanager', latencyMs: null } as const;
    expect(reportOf({ systems: [alerts] })).toMatchObject({
      exitCode: 0,
      findings: [{ kind: 'remark', found: expect.stringContaining('cannot connect') }],
    });
  });
});

describe('what does not fit', () => {
  const found = (findings: readonly Finding[]) => findings.map(({ kind, found, about }) => [kind, found, about]);
  const noOverride = {
    site: null,
    mining: { coin: null, poolFee: null },
    hostWatts: null,
    psuEfficiency: null,
    formerly: [],
  };

  it('names failed targets, conflicts, rigs without a site and names that nobody prints, alike together', () => {
    const conflict = {
      kind: 'rig-name',
      rigs: ['a1'],
      message: 'two rigs are called a1',
      remedy: 'rename one',
    } as const;
    const snapshot = snapshotOf(
      [
        rigOf([], { site: null, problems: ['odd', 'two rigs are called a1'] }),
        rigOf([], { name: 'b1', site: null, problems: ['odd'] }),
      ],
      {
        failures: ['x:1', 'x:2'].map(
          (instance) => ({ instance, rig: 'x', kind: 'refused', message: 'refused' }) as const,
        ),
        conflicts: [conflict],
      },
    );
    const rigs = new Map(['ghost', 'gone', 'b1'].map((name) => [name, noOverride]));
    const { findings } = reportOf({ snapshot, farm: farmOf({ rigs, retired: new Set(['gone']) }) });
    expect(found(findings)).toEqual([
      ['outside', 'refused', ['x x:1', 'x x:2']],
      ['contradiction', 'two rigs are called a1', ['a1']],
      ['contradiction', 'no site, so no power price', ['a1', 'b1']],
      ['contradiction', 'configured, but nobody prints this name', ['ghost']],
      ['remark', 'odd', ['a1', 'b1']],
    ]);
    expect(findings[1]?.remedy).toBe('rename one');
  });

  it('names one of many failures of a kind, whose messages differ in a number', () => {
    const failures = [1, 2, 3].map((second) => ({
      instance: `x:${second}`,
      rig: null,
      kind: second === 3 ? ('refused' as const) : ('timeout' as const),
      message: second === 3 ? 'refused' : `no answer within ${second} s`,
    }));
    expect(found(reportOf({ snapshot: snapshotOf([], { failures }) }).findings)).toEqual([
      ['outside', 'no answer within 1 s, or nearly so', ['x:1', 'x:2']],
      ['outside', 'refused', ['x:3']],
    ]);
  });

  it('names what is retired and still seen', () => {
    const snapshot = snapshotOf([
      rigOf([gpuOf({ key: 'k' })]),
      rigOf([], { name: 'b1' }),
      rigOf([], { name: 'c1', state: 'down' }),
    ]);
    const { findings } = reportOf({ snapshot, farm: farmOf({ retired: new Set(['k', 'b1', 'c1']) }) });
    expect(found(findings)).toEqual([['contradiction', 'retired, but still seen', ['k', 'b1']]]);
  });

  it('names hosts whose clock is off', () => {
    const rigs = [5_000, 5_001, -60_000].map((clockAheadMs, index) =>
      rigOf([], { name: `r${index}`, host: hostOf({ clockAheadMs }) }),
    );
    expect(reportOf({ snapshot: snapshotOf(rigs) }).fleet?.clocks).toEqual([
      { rig: 'r1', aheadMs: 5_001 },
      { rig: 'r2', aheadMs: -60_000 },
    ]);
  });

  it('counts ASICs apart from GPUs', () => {
    const snapshot = snapshotOf([rigOf([], { asics: [asicOf(), asicOf({ key: 'a1/asic#1' })] })]);
    expect(reportOf({ snapshot }).fleet).toMatchObject({ gpus: 0, asics: 2 });
  });
});

describe('series by dialect', () => {
  it('are counted as they pass, over whole targets only', async () => {
    const power = (uuid: string) => ['nvidia_smi_power_draw_watts', { uuid }, 290] as const;
    const { count, received } = await counted({
      'a1:9835': [power('1'), power('2'), ['go_goroutines', {}, 8]],
      'b1:9835': [power('3')],
      'c1:9835': 'timeout',
      'd1:3000': [['grafana_up', {}, 1]],
    });
    expect(received).toHaveLength(3);
    const report = reportOf({ count });
    expect(report.dialects.find(({ id }) => id === 'nvidia_gpu_exporter')).toMatchObject({
      series: 3,
      targets: 2,
      namesSeen: 1,
      namesUnseen: expect.arrayContaining(['nvidia_smi_gpu_info']),
    });
    expect(report.dialects.filter(({ series }) => series > 0)).toHaveLength(1);
    expect(report.findings).toEqual([
      expect.objectContaining({ kind: 'remark', found: expect.stringContaining('prints nothing'), about: ['d1:3000'] }),
    ]);
  });

  it('of the operator show what each matched, an example in both units, and what matched nothing', async () => {
    const { count } = await counted(
      {
        'a1:1': [
          ['panel_power', { gpu: '0' }, 290_000],
          ['panel_temp', { gpu: '0', sensor: 'core' }, 61],
          ['panel_temp', { gpu: '0', sensor: 'hotspot' }, 80],
          ['nvidia_smi_power_draw_watts', { gpu: '0' }, 290],
        ],
      },
      [panel],
    );
    const report = reportOf({ count, metrics: metricsSettings({ dialects: [panel] }) });
    expect(report.ownSeries).toEqual([
      {
        dialect: 'panel',
        name: 'panel_power',
        as: 'powerWatts',
        series: 1,
        targets: 1,
        instances: ['a1:1'],
        example: { instance: 'a1:1', printed: 290_000, unit: 'mW', value: 290, canonicalUnit: 'W' },
        inPlaceOf: null,
      },
      expect.objectContaining({ name: 'panel_temp', series: 1 }),
      expect.objectContaining({ name: 'panel_typo', series: 0, example: null }),
      expect.objectContaining({ name: 'nvidia_smi_power_draw_watts', inPlaceOf: 'nvidia_gpu_exporter' }),
    ]);
    expect(report.dialects.find(({ id }) => id === 'nvidia_gpu_exporter')?.series).toBe(0);
    expect(report.exitCode).toBe(2);
    expect(report.findings.map(({ kind, about }) => [kind, about])).toEqual([
      ['contradiction', ['panel panel_typo']],
      ['remark', ['panel nvidia_smi_power_draw_watts']],
    ]);
  });

  it('of a target that broke in the middle count for nothing', () => {
    const count = new SeriesCount(familiesOf(dialects));
    const request = {
      families: new Map(),
      open: () => ({ sample: () => {}, done: () => {}, fail: () => {} }),
      signal: AbortSignal.timeout(1_000),
    };
    const broken = new ScriptedSource();
    broken.observe = async ({ open }) => {
      const sink = open({ instance: 'a1:1', labels: {}, rig: null, site: null });
      sink.sample('nvidia_smi_power_draw_watts', {}, 290, 0);
      sink.fail('truncated', 'it broke off');
      return { atMs: 0, samplesRead: 1, bytesRead: 0, warnings: [], incomplete: false };
    };
    void count.counting(broken).observe(request);
    expect(count).toMatchObject({ names: new Map(), foreign: [] });
  });

  it('are shown by the same examples, whichever target answers first', async () => {
    const printed = (watts: number): ScriptedTarget => [['panel_power', { gpu: '0' }, watts]];
    const one = await counted({ 'a1:1': printed(1), 'b1:1': printed(2), 'c1:1': printed(3), 'd1:1': printed(4) }, [
      panel,
    ]);
    const other = await counted({ 'd1:1': printed(4), 'c1:1': printed(3), 'b1:1': printed(2), 'a1:1': printed(1) }, [
      panel,
    ]);
    expect(one.count.names).toEqual(other.count.names);
    expect(one.count.names.get('panel_power')).toMatchObject({
      instances: ['a1:1', 'b1:1', 'c1:1'],
      example: { instance: 'a1:1', value: 1 },
    });
  });

  it('say where every value means unknown', async () => {
    const { count } = await counted({ 'a1:1': [['panel_power', { gpu: '0' }, 0]] }, [panel]);
    const { ownSeries } = reportOf({ count, metrics: metricsSettings({ dialects: [panel] }) });
    expect(ownSeries[0]?.example).toMatchObject({ printed: 0, value: null });
  });
});

describe('signals that are missing', () => {
  const speaks = (...ids: string[]) => [{ instance: 'a1:1', dialects: ids, up: true }];
  const missing = (rigs: readonly ReturnType<typeof rigOf>[], signal: string) =>
    reportOf({ snapshot: snapshotOf(rigs) })
      .missing.filter((one) => one.signal === signal)
      .map(({ rigs: names, exporter, how }) => [names, exporter, how]);

  it('come with the switch of the exporter that is there', () => {
    const node = ['a1', 'b1'].map((name) => rigOf([miningCard()], { name, exporters: speaks('node_exporter') }));
    expect(missing(node, 'PCIe width')).toEqual([[['a1', 'b1'], 'node_exporter', '--collector.pcidevice']]);
    expect(missing(node, 'CPU cores')).toEqual([[['a1', 'b1'], 'node_exporter', '--collector.cpu.info']]);
    const dcgm = rigOf([miningCard()], { exporters: speaks('dcgm-exporter') });
    expect(missing([dcgm], 'PCIe width')).toEqual([
      [['a1'], 'dcgm-exporter', expect.stringContaining('DCGM_FI_DEV_PCIE_LINK_WIDTH')],
    ]);
    const nvidia = rigOf([miningCard()], { exporters: speaks('nvidia_gpu_exporter') });
    expect(missing([nvidia], 'XIDs')).toEqual([[['a1'], 'nvidia_gpu_exporter', '--collect.backend=nvml']]);
  });

  it('come with the exporter where none is there, by the maker of the cards', () => {
    const bare = (model: string) =>
      rigOf([miningCard({ model, powerWatts: null })], { exporters: speaks('node_exporter') });
    expect(missing([bare('RTX 3090')], 'power')).toEqual([[['a1'], 'nvidia_gpu_exporter', 'is not there']]);
    expect(missing([bare('RX 580')], 'power')).toEqual([[['a1'], 'amd_device_metrics_exporter', 'is not there']]);
  });

  it('say where an exporter is there and does not print it', () => {
    const silent = rigOf([miningCard({ powerWatts: null })], { exporters: speaks('nvidia_gpu_exporter') });
    expect(missing([silent], 'power')).toEqual([
      [['a1'], 'nvidia_gpu_exporter', expect.stringMatching(/is there and does not print nvidia_smi_power/)],
    ]);
  });

  it('are not those that are there, of cards that are down, of rigs that do not answer or have no cards', () => {
    const known = rigOf([miningCard({ pcieWidth: 16 })]);
    const gone = rigOf([gpuOf({ state: 'down' })], { name: 'b1' });
    const silent = rigOf([gpuOf()], { name: 'c1', state: 'silent' });
    const asic = rigOf([], { name: 'd1', asics: [asicOf()] });
    expect(missing([known, gone, silent, asic], 'PCIe width')).toEqual([]);
    expect(missing([known], 'power')).toEqual([]);
    expect(reportOf({ snapshot: snapshotOf([silent, asic]) }).missing).toEqual([]);
  });

  it('include the hashrate only where no miner is seen and nobody says that the rig is rented', () => {
    const idle = rigOf([gpuOf({ model: 'RTX 3090' })]);
    expect(missing([idle], 'hashrate')).toHaveLength(1);
    expect(missing([rigOf([miningCard(), gpuOf()])], 'hashrate')).toEqual([]);
    expect(missing([{ ...idle, rentals: [{ platform: 'own', gpus: 1 }] }], 'hashrate')).toEqual([]);
  });
});

describe('what is taken for granted', () => {
  it('is what nobody declared, of every site together, and what the systems cannot be asked', () => {
    const farm = farmOf({ sites: [siteOf({ pue: 1.1 }), siteOf({ name: 'texas' }), siteOf({ name: 'iceland' })] });
    const { assumptions } = reportOf({ farm, systems: [{ ...prometheus, notes: ['series look back 45 s'] }] });
    expect(assumptions).toContain('PUE 1 (pue is not declared): texas, iceland');
    expect(assumptions).toContain('PSU efficiency 1 (psuEfficiency is not declared): every site');
    expect(assumptions).toContain('the ledger keeps hours for 60 days, days for ever');
    expect(assumptions.at(-1)).toBe('series look back 45 s');
  });
});
