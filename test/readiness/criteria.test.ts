import { describe, expect, it } from 'vitest';
import { findCard } from '../../src/data/cards.ts';
import { vast202608 } from '../../src/data/readiness-policies.ts';
import type { SiteSettings } from '../../src/domain/farm.ts';
import type { CriterionId, CriterionResult } from '../../src/domain/readiness/criterion.ts';
import { evaluateRig } from '../../src/domain/readiness/evaluate.ts';
import type { GateTier } from '../../src/domain/readiness/tier.ts';
import type { Gpu, Host, Rig } from '../../src/domain/rig.ts';
import { siteWithLine } from '../support/farms.ts';
import { atMs, gib, gpuOf, hostOf, machineOf, rigOf } from '../support/rigs.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function gate(
  of: Rig,
  id: CriterionId,
  tier: GateTier,
  place: { site?: SiteSettings; rigsAtSite?: number } = {},
): CriterionResult {
  const where = { site: place.site ?? null, rigsAtSite: place.rigsAtSite ?? 1 };
  const { gates } = evaluateRig(of, where, { policy: vast202608, findCard }, atMs);
  return gates.find((found) => found.id === id && found.tier === tier)!;
}

function ofCard(known: Partial<Gpu>, id: CriterionId, tier: GateTier): string {
  return gate(rigOf([gpuOf(known)]), id, tier).status;
}

function ofHost(host: Partial<Host>, gpus: readonly Partial<Gpu>[], id: CriterionId, tier: GateTier): string {
  return gate(rigOf(gpus.map(gpuOf), { host: hostOf(host) }), id, tier).status;
}

describe('C01 GPU architecture', () => {
  it.each([
    // A listed card's ceiling decides, whatever its compute capability.
    ['GTX 1080 Ti', null, 'pass fail fail fail'],
    ['RTX 3070', null, 'pass pass fail fail'],
    ['RTX 3090', null, 'pass pass pass fail'],
    ['CMP 170HX 8GB', null, 'pass fail fail fail'],
    ['RX 580 8GB', null, 'fail fail fail fail'],
    ['RX 7900 XTX', null, 'pass pass fail fail'],
    ['H100 SXM', null, 'pass pass pass pass'],
    // A card without a ceiling: its architecture decides.
    ['V100 16GB SXM2', null, 'pass fail fail fail'],
    ['T4', null, 'pass pass fail fail'],
    ['L40S', null, 'pass pass pass fail'],
    ['Instinct MI100', null, 'pass fail fail fail'],
    ['Instinct MI210', null, 'pass pass fail fail'],
    // A model that nobody described can fail by what its exporter prints, and never pass.
    ['RTX 9999', null, 'unknown unknown unknown unknown'],
    ['RTX 9999', 12, 'unknown unknown unknown unknown'],
    ['Quadro K620', 5, 'fail fail fail fail'],
    [null, 7.5, 'unknown unknown fail fail'],
    [null, null, 'unknown unknown unknown unknown'],
  ])('%s, CC %s: %s', (model, computeCapability, expected) => {
    const statuses = (['T1', 'T2', 'T3', 'T4'] as const).map((tier) =>
      ofCard({ model, computeCapability }, 'C01', tier),
    );
    expect(statuses.join(' ')).toBe(expected);
  });
});

describe('C02 mining SKU', () => {
  it.each([
    ['CMP 90HX', 'warn fail'],
    ['CMP 70HX', 'warn fail'],
    ['P106-100', 'pass pass'],
    ['RTX 3070', 'pass pass'],
    ['RTX 9999', 'unknown unknown'],
    [null, 'unknown unknown'],
  ])('%s: %s', (model, expected) => {
    expect(`${ofCard({ model }, 'C02', 'T1')} ${ofCard({ model }, 'C02', 'T2')}`).toBe(expected);
  });
});

describe('C03 VRAM per GPU', () => {
  it.each([
    ['T1', gib(4), 'pass'],
    ['T1', gib(4) - 1, 'fail'],
    ['T2', gib(7), 'fail'],
    ['T2', gib(7) + 1, 'pass'],
    ['T3', 16e9, 'pass'],
    ['T3', 16e9 - 1, 'fail'],
    ['T4', 80e9, 'pass'],
    ['T4', 80e9 - 1, 'fail'],
  ] as const)('%s, %s bytes: %s', (tier, vramTotalBytes, expected) => {
    expect(ofCard({ vramTotalBytes }, 'C03', tier)).toBe(expected);
  });

  it('takes the VRAM of the card table where none is measured, and says so', () => {
    const found = gate(rigOf([gpuOf({ model: 'RTX 3070' })]), 'C03', 'T2');
    expect(found).toMatchObject({ status: 'pass', actual: 8, unit: 'GiB', basis: 'reference' });
  });

  it('does not know the VRAM of a name that means several cards', () => {
    expect(ofCard({ model: 'RTX 3080' }, 'C03', 'T2')).toBe('unknown');
  });
});

describe('C04 same model', () => {
  const a = { model: 'RTX 3070', vbiosVersion: '94.04' };
  it.each([
    ['alike', [a, a], 'pass pass'],
    ['two models', [a, { ...a, model: 'RTX 3080' }], 'fail fail'],
    ['two models and an unknown one', [a, { model: null }, { model: 'RTX 3080' }], 'fail fail'],
    ['one unknown', [a, { model: null }], 'unknown unknown'],
    ['two VBIOS', [a, { ...a, vbiosVersion: '94.05' }], 'pass fail'],
    ['one VBIOS unknown', [a, { ...a, vbiosVersion: null }], 'pass unknown'],
    ['a single card', [{ model: null }], 'pass pass'],
  ])('%s: %s', (_, gpus, expected) => {
    expect(`${ofHost({}, gpus, 'C04', 'T1')} ${ofHost({}, gpus, 'C04', 'T4')}`).toBe(expected);
  });
});

describe('C05 PCIe link', () => {
  it.each([
    // 20.31 TFLOPS at 2.5 a lane: nine lanes.
    ['RTX 3070', 8, 'warn'],
    ['RTX 3070', 9, 'pass'],
    // More than 16 lanes are never asked.
    ['RTX 4090', 16, 'pass'],
    ['RTX 4090', 15, 'warn'],
    ['RTX 9999', 16, 'pass'],
    ['RTX 9999', 1, 'unknown'],
    ['RTX 3070', null, 'unknown'],
  ])('T1: %s on %s lanes: %s', (model, pcieWidth, expected) => {
    expect(ofCard({ model, pcieWidth }, 'C05', 'T1')).toBe(expected);
  });

  const loaded = { performanceState: 2 };
  it.each([
    ['Gen3 x1', { pcieWidth: 1, pcieGeneration: 3, ...loaded }, 'fail'],
    ['Gen4 x1', { pcieWidth: 1, pcieGeneration: 4, ...loaded }, 'fail'],
    ['Gen5 x1', { pcieWidth: 1, pcieGeneration: 5, ...loaded }, 'unknown'],
    ['Gen3 x2', { pcieWidth: 2, pcieGeneration: 3, ...loaded }, 'fail'],
    ['Gen3 x4', { pcieWidth: 4, pcieGeneration: 3, ...loaded }, 'unknown'],
    ['Gen4 x2', { pcieWidth: 2, pcieGeneration: 4, ...loaded }, 'unknown'],
    ['Gen2 x8', { pcieWidth: 8, pcieGeneration: 2, ...loaded }, 'unknown'],
    ['Gen1 x16', { pcieWidth: 16, pcieGeneration: 1, ...loaded }, 'unknown'],
    ['Gen3 x8', { pcieWidth: 8, pcieGeneration: 3, ...loaded }, 'pass'],
    ['Gen4 x4', { pcieWidth: 4, pcieGeneration: 4, ...loaded }, 'pass'],
    [
      'x16 that idles at Gen1',
      { pcieWidth: 16, pcieGeneration: 1, pcieGenerationMax: 4, performanceState: 8 },
      'unknown',
    ],
    ['x16 at P3', { pcieWidth: 16, pcieGeneration: 3, performanceState: 3 }, 'unknown'],
    ['x16 in an unknown state', { pcieWidth: 16, pcieGeneration: 3 }, 'unknown'],
    [
      'x1 that idles, at most Gen4',
      { pcieWidth: 1, pcieGeneration: 1, pcieGenerationMax: 4, performanceState: 8 },
      'fail',
    ],
    ['x1 of a card that is Gen4', { model: 'RTX 3070', pcieWidth: 1 }, 'fail'],
    ['x1 of a card that is Gen5', { model: 'RTX 5090', pcieWidth: 1 }, 'unknown'],
    ['x1, nothing else known', { pcieWidth: 1 }, 'unknown'],
    ['a mining card on its own Gen1.1 x4', { model: 'CMP 170HX 8GB', pcieWidth: 4 }, 'fail'],
    ['no width', { pcieGeneration: 4, ...loaded }, 'unknown'],
    ['a generation that does not exist yet', { pcieWidth: 16, pcieGeneration: 7, ...loaded }, 'unknown'],
  ])('T2: %s: %s', (_, known, expected) => {
    expect(ofCard(known, 'C05', 'T2')).toBe(expected);
  });

  it('shows the width beside the card’s own bus, not beside what card and slot can do together', () => {
    const found = gate(rigOf([gpuOf({ model: 'RTX 3070', pcieWidth: 1, pcieWidthMax: 1 })]), 'C05', 'T2');
    expect(found.actual).toBe(
      "x1 of the card's x16, generation not seen under load, at most Gen4: 1.969 GB/s in theory",
    );
  });

  it.each([
    [
      '16 GiB at Gen3',
      { model: 'RTX 4080', vramTotalBytes: gib(16), pcieWidth: 16, pcieGeneration: 3, ...loaded },
      'pass',
    ],
    [
      '24 GiB at Gen3',
      { model: 'RTX 3090', vramTotalBytes: gib(24), pcieWidth: 16, pcieGeneration: 3, ...loaded },
      'fail',
    ],
    [
      '24 GiB at Gen4',
      { model: 'RTX 3090', vramTotalBytes: gib(24), pcieWidth: 16, pcieGeneration: 4, ...loaded },
      'pass',
    ],
    [
      '24 GiB at Gen4 x8',
      { model: 'RTX 3090', vramTotalBytes: gib(24), pcieWidth: 8, pcieGeneration: 4, ...loaded },
      'fail',
    ],
    [
      '24 GiB, idle',
      { model: 'RTX 3090', vramTotalBytes: gib(24), pcieWidth: 16, pcieGeneration: 1, performanceState: 8 },
      'unknown',
    ],
    [
      'an H100 at Gen4',
      { model: 'H100 PCIe', vramTotalBytes: gib(80), pcieWidth: 16, pcieGeneration: 4, ...loaded },
      'fail',
    ],
    [
      'an A100 at Gen4',
      { model: 'A100 80GB PCIe', vramTotalBytes: gib(80), pcieWidth: 16, pcieGeneration: 4, ...loaded },
      'pass',
    ],
    ['an unknown card at Gen4', { vramTotalBytes: gib(24), pcieWidth: 16, pcieGeneration: 4, ...loaded }, 'unknown'],
  ])('T3: %s: %s', (_, known, expected) => {
    expect(ofCard(known, 'C05', 'T3')).toBe(expected);
  });

  it.each([
    ['H100 SXM', 5, 16, 'unknown'],
    ['H100 SXM', 4, 16, 'fail'],
    ['A100 40GB', 4, 16, 'unknown'],
    ['A100 40GB', 4, 8, 'fail'],
    ['H200 SXM', 3, 16, 'unknown'],
  ])('T4: %s at Gen%s x%s: %s, as nobody measured it', (model, pcieGeneration, pcieWidth, expected) => {
    expect(ofCard({ model, pcieGeneration, pcieWidth, ...loaded }, 'C05', 'T4')).toBe(expected);
  });
});

describe('C06 CPU', () => {
  const eight = Array.from({ length: 8 }, () => ({}));
  it.each([
    ['T1', { cpuCores: 8, cpuThreads: 16, avx: true }, 'pass'],
    ['T1', { cpuCores: 8, cpuThreads: 16, avx: null }, 'unknown'],
    ['T1', { cpuCores: 8, cpuThreads: 16, avx: false }, 'fail'],
    ['T1', { cpuCores: 7, cpuThreads: 16, avx: true }, 'fail'],
    ['T1', { cpuCores: 8, cpuThreads: 15, avx: true }, 'fail'],
    ['T1', { cpuCores: null, cpuThreads: 16, avx: true }, 'unknown'],
    ['T1', { cpuCores: null, cpuThreads: 2, avx: null }, 'fail'],
    ['T1', {}, 'unknown'],
    ['T2', { cpuThreads: 16 }, 'pass'],
    ['T2', { cpuThreads: 15 }, 'fail'],
    ['T2', {}, 'unknown'],
    ['T3', { cpuCores: 33, cpuThreads: 66 }, 'fail'],
    ['T3', { cpuCores: null, cpuThreads: 33 }, 'fail'],
    // No exporter prints the base clock.
    ['T3', { cpuCores: 34, cpuThreads: 68 }, 'unknown'],
    ['T4', { cpuCores: 96 }, 'pass'],
    ['T4', { cpuCores: 95 }, 'fail'],
  ] as const)('%s, 8 GPUs, %o: %s', (tier, host, expected) => {
    expect(ofHost(host, eight, 'C06', tier)).toBe(expected);
  });
});

describe('C07 system RAM', () => {
  const cards = (count: number, vramTotalBytes: number | null) =>
    Array.from({ length: count }, () => ({ vramTotalBytes }));
  it.each([
    ['T1', 32e9, cards(8, null), 'pass'],
    ['T1', 32e9 - 1, cards(8, null), 'fail'],
    ['T2', 0.95 * gib(20), cards(2, gib(10)), 'pass'],
    ['T2', 0.95 * gib(20) - 1, cards(2, gib(10)), 'fail'],
    ['T2', gib(9.5) - 1, [...cards(1, gib(10)), {}], 'fail'],
    ['T2', gib(100), [...cards(1, gib(10)), {}], 'unknown'],
    ['T2', 2_000_000 * 2 ** 20, cards(16, gib(192)), 'pass'],
    ['T2', 2_000_000 * 2 ** 20 - 1, cards(16, gib(192)), 'fail'],
    ['T3', 256e9, cards(8, gib(16)), 'pass'],
    ['T3', 256e9 - 1, cards(8, gib(16)), 'fail'],
    ['T3', 512e9, cards(8, gib(24)), 'pass'],
    ['T3', 1024e9, cards(8, gib(48)), 'pass'],
    ['T3', 2048e9 - 1, cards(8, gib(80)), 'fail'],
    ['T3', 2048e9, cards(8, gib(141)), 'pass'],
    ['T4', 1900e9, cards(8, null), 'pass'],
    ['T4', 1900e9 - 1, cards(8, null), 'fail'],
    ['T1', null, cards(8, null), 'unknown'],
  ] as const)('%s, %s bytes: %#', (tier, ramTotalBytes, gpus, expected) => {
    expect(ofHost({ ramTotalBytes }, gpus, 'C07', tier)).toBe(expected);
  });
});

describe('C11 download and upload', () => {
  const line = (vram: number | null, down: number | null, up: number | null, port: number | null = null) =>
    rigOf([gpuOf({ vramTotalBytes: vram === null ? null : gib(vram) })], {
      host: hostOf({ nicBitsPerSecond: port === null ? null : port * 1e6 }),
      machine: machineOf({
        downloadBitsPerSecond: down === null ? null : down * 1e6,
        uploadBitsPerSecond: up === null ? null : up * 1e6,
      }),
    });

  it.each([
    ['T1', line(24, 10, 10), 'pass'],
    ['T1', line(24, 10, 9.9), 'fail'],
    ['T1', line(24, 9.9, null), 'fail'],
    ['T1', line(24, 10, null), 'unknown'],
    // Below 38.5 GiB the floor of 100, above 192.3 GiB the ceiling of 500.
    ['T2', line(24, 100, 100), 'pass'],
    ['T2', line(24, 100, 99), 'fail'],
    ['T2', line(100, 260, 260), 'pass'],
    ['T2', line(100, 259, 260), 'fail'],
    ['T2', line(1000, 500, 500), 'pass'],
    ['T2', line(null, 300, 300), 'unknown'],
    ['T2', line(null, 500, 500), 'pass'],
    ['T2', line(null, 99, 500), 'fail'],
    ['T3', line(24, 1000, 1000), 'pass'],
    ['T3', line(24, 1000, 999), 'fail'],
    // The port bounds the line from above.
    ['T2', line(24, null, null, 99), 'fail'],
    ['T2', line(24, null, null, 10_000), 'unknown'],
    ['T4', line(24, null, null), 'n/a'],
  ] as const)('%s: %#', (tier, of, expected) => {
    expect(gate(of, 'C11', tier).status).toBe(expected);
  });

  it('takes the operator’s word where nothing is measured, marked as such', () => {
    const found = gate(line(24, null, null), 'C11', 'T2', { site: siteWithLine(200) });
    expect(found).toMatchObject({ status: 'pass', basis: 'declared' });
  });

  it('prefers a measurement to the operator’s word', () => {
    const found = gate(line(24, 50, 50), 'C11', 'T2', { site: siteWithLine(200) });
    expect(found).toMatchObject({ status: 'fail', basis: 'measured' });
  });

  it('shares a declared line between the rigs of its site where the rule is per machine', () => {
    const status = (rigsAtSite: number) =>
      gate(line(24, null, null), 'C11', 'T1', { site: siteWithLine(200), rigsAtSite }).status;
    expect([status(20), status(21)]).toEqual(['pass', 'fail']);
  });
});

describe('C17 critical XIDs', () => {
  const seen = (code: number, ageMs: number | null) => ({ code, lastAtMs: ageMs === null ? null : atMs - ageMs });
  const status = (xids: Gpu['xids'], tier: GateTier = 'T2', bootAgeMs: number | null = null) =>
    ofHost({ bootAtMs: bootAgeMs === null ? null : atMs - bootAgeMs }, [{ xids }], 'C17', tier);

  it.each([
    ['no exporter reports XIDs', null, 'unknown'],
    ['none seen', [], 'pass'],
    ['fatal an hour ago', [seen(79, hourMs)], 'fail'],
    ['fatal at an unknown time', [seen(79, null)], 'unknown'],
    ['fatal 7 days ago', [seen(79, 7 * dayMs)], 'pass'],
    ['a warning', [seen(63, hourMs)], 'warn'],
    ['an application’s own', [seen(31, hourMs)], 'pass'],
    ['not in the table', [seen(9999, hourMs)], 'unknown'],
    ['a warning and a fatal one', [seen(63, hourMs), seen(119, hourMs)], 'fail'],
  ])('T2: %s: %s', (_, xids, expected) => {
    expect(status(xids)).toBe(expected);
  });

  it.each([
    [79, 'fail fail fail'],
    [119, 'warn fail fail'],
    [74, 'warn warn fail'],
    [136, 'warn warn fail'],
  ])('XID %i at T1, T2, T4: %s', (code, expected) => {
    const xids = [seen(code, hourMs)];
    expect([status(xids, 'T1'), status(xids, 'T2'), status(xids, 'T4')].join(' ')).toBe(expected);
  });

  it.each([
    ['host never restarted since', 3 * dayMs, 5 * dayMs, 'fail'],
    ['restarted, 24 h without another', 3 * dayMs, dayMs, 'warn'],
    ['restarted less than 24 h ago', 3 * dayMs, dayMs - 1, 'fail'],
    ['restart unknown', 3 * dayMs, null, 'unknown'],
    ['too young to be cleared, restart unknown', dayMs - 1, null, 'fail'],
  ])('%s: %#', (_, ageMs, bootAgeMs, expected) => {
    expect(status([seen(79, ageMs)], 'T2', bootAgeMs)).toBe(expected);
  });

  it('takes a card that is gone while its rig answers for XID 79', () => {
    expect(ofCard({ state: 'down' }, 'C17', 'T1')).toBe('fail');
  });
});
