import { describe, expect, it } from 'vitest';
import { checkReply } from '../../commands/present/check.ts';
import type { CheckReport } from '../../src/fleet/check/report.ts';

const fleet = {
  atMs: 0,
  durationMs: 100,
  rigs: 2,
  rigsUp: 1,
  gpus: 8,
  asics: 0,
  targetsUp: 3,
  targetsTotal: 4,
  samplesRead: 100,
  failures: [],
  conflicts: [],
  incomplete: false,
  clocks: [],
};

function reportOf(known: Partial<CheckReport> = {}): CheckReport {
  return {
    configuration: '/farm/rigshift.yaml',
    farm: 'north',
    exitCode: 0,
    systems: [],
    fleet,
    findings: [],
    dialects: [],
    ownSeries: [],
    missing: [],
    assumptions: [],
    ...known,
  };
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `r${index + 1}`);

describe('what `check` says', () => {
  it('is one sentence where nothing is wrong', () => {
    expect(checkReply(reportOf())).toEqual({
      headline: '/farm/rigshift.yaml is valid: 2 rigs with 8 GPUs, 3 of 4 targets answered; nothing to mend.',
      blocks: [],
      next: [],
    });
    expect(checkReply(reportOf({ fleet: { ...fleet, asics: 1 }, configuration: null })).headline).toBe(
      'The demo configuration is valid: 2 rigs with 8 GPUs and 1 ASIC, 3 of 4 targets answered; nothing to mend.',
    );
  });

  it('puts what must be mended before what is worth knowing, and says why the fleet is not there', () => {
    const findings = [
      { kind: 'outside', found: 'connection refused', about: ['prometheus http://p'], remedy: 'start it' },
      { kind: 'remark', found: 'odd', about: names(7), remedy: null },
    ] as const;
    const { headline, blocks } = checkReply(reportOf({ fleet: null, findings }));
    expect(headline).toBe('/farm/rigshift.yaml is valid; the fleet could not be read: connection refused.');
    expect(blocks).toEqual([
      { kind: 'text', text: 'To mend:' },
      { kind: 'notes', tone: 'warning', notes: ['prometheus http://p: connection refused; start it'] },
      { kind: 'text', text: 'Worth knowing:' },
      { kind: 'notes', tone: 'plain', notes: ['r1, r2, r3, r4, r5, and 2 more: odd'] },
    ]);
  });

  it('cuts long lists and counts what is left', () => {
    const findings = names(30).map(
      (about) => ({ kind: 'contradiction', found: 'x', about: [about], remedy: null }) as const,
    );
    const systems = names(30).map((system) => ({
      kind: 'metrics' as const,
      system,
      address: '',
      version: null,
      latencyMs: 3.21,
      clockAheadMs: -1500,
      failure: null,
      remedy: null,
      notes: [],
    }));
    const { blocks } = checkReply(reportOf({ findings, systems }));
    const [, notes, table] = blocks;
    expect(notes?.kind === 'notes' && [notes.notes.length, notes.notes.at(-1)]).toEqual([
      26,
      'and 5 more: check --json prints all',
    ]);
    expect(table?.kind === 'table' && [table.rows.length, table.more, table.rows[0]]).toEqual([
      25,
      { count: 5, hint: 'check --json prints all' },
      ['r1', '', '', '3.2 ms', '-1.5 s', 'ok'],
    ]);
  });

  it('puts together what the same switch would bring to the same rigs', () => {
    const way = { rigs: ['a1', 'b1'], exporter: 'node_exporter', how: '--collector.pcidevice' };
    const missing = [
      { signal: 'PCIe width', neededFor: 'readiness C05', ...way },
      { signal: 'PCIe generation', neededFor: 'readiness C05', ...way },
      { signal: 'PCIe width', neededFor: 'readiness C05', ...way, rigs: ['c1'] },
    ];
    expect(checkReply(reportOf({ missing })).blocks[1]).toMatchObject({
      notes: [
        'PCIe width (readiness C05), PCIe generation (readiness C05): 2 rigs, a1, b1 — node_exporter --collector.pcidevice',
        'PCIe width (readiness C05): 1 rig, c1 — node_exporter --collector.pcidevice',
      ],
    });
  });

  it('shows a value as it was printed and as it is understood', () => {
    const own = { dialect: 'panel', as: 'powerWatts', series: 1, targets: 1, instances: ['a1:1'], inPlaceOf: null };
    const example = { instance: 'a1:1', printed: 290_100, unit: 'mW', value: 290.1000001, canonicalUnit: 'W' } as const;
    const ownSeries = [
      { ...own, name: 'p', example },
      { ...own, name: 'q', example: { ...example, unit: 'W' as const, printed: 290.1, value: 290.1 } },
      { ...own, name: 'r', example: { ...example, value: null } },
      { ...own, name: 's', series: 0, example: null },
    ];
    const [table] = checkReply(reportOf({ ownSeries })).blocks;
    expect(table?.kind === 'table' && table.rows.map((row) => row[4])).toEqual([
      '290100 mW = 290.1 W',
      '290.1 W',
      '290100, which means unknown',
      'matched nothing',
    ]);
  });

  it('warns of names that rest on nobody’s word where they are in use', () => {
    const dialect = {
      id: 'x',
      evidence: 'published',
      source: 's',
      series: 2,
      targets: 1,
      names: 3,
      namesSeen: 2,
      namesUnseen: ['c'],
      unverified: ['a'],
    } as const;
    const unused = { ...dialect, id: 'y', evidence: 'unverified', series: 0 } as const;
    const { blocks } = checkReply(reportOf({ dialects: [dialect, unused, { ...unused, id: 'z', series: 1 }] }));
    expect(blocks[1]).toMatchObject({
      notes: ['x: names in use that nobody vouches for: a', expect.stringMatching(/^z is unverified \(s\)/)],
    });
    expect(blocks[2]).toMatchObject({
      rows: [
        ['x', '1', '2', '2 of 3', 'published names'],
        ['z', '1', '1', '2 of 3', "nobody's word"],
      ],
    });
  });
});
