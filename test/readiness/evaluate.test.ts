import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCard } from '../../src/data/cards.ts';
import { vast202608 } from '../../src/data/readiness-policies.ts';
import type { SiteSettings } from '../../src/domain/farm.ts';
import { evaluateRig, type RigReadiness } from '../../src/domain/readiness/evaluate.ts';
import type { ReadinessPolicy } from '../../src/domain/readiness/policy.ts';
import { reaches } from '../../src/domain/readiness/tier.ts';
import type { Gpu, Host, Rig } from '../../src/domain/rig.ts';
import { siteWithLine } from '../support/farms.ts';
import { atMs, gib, gpuOf, hostOf, machineOf, mixedRiserRig, rigOf, serverRig } from '../support/rigs.ts';

/** The policy without the gates that nothing evaluates yet: only so can anything be proven. */
const { T1, T2, T3, T4 } = vast202608.tiers;
const evaluatedOnly: ReadinessPolicy = {
  ...vast202608,
  tiers: {
    T1: { ...T1, notEvaluated: [] },
    T2: { ...T2, notEvaluated: [] },
    T3: { ...T3, notEvaluated: [] },
    T4: { ...T4, notEvaluated: [] },
  },
};

function evaluate(
  of: Rig,
  policy: ReadinessPolicy = evaluatedOnly,
  declared: SiteSettings | null = null,
): RigReadiness {
  return evaluateRig(of, { site: declared, rigsAtSite: 1 }, { policy, findCard }, atMs);
}

describe('the mixed riser rig of READINESS.md 2.2', () => {
  const found = evaluate(mixedRiserRig(), vast202608);
  const status = (id: string, tier: string) => found.gates.find((gate) => gate.id === id && gate.tier === tier);

  it.each([
    ['C01', 'T1', 'pass'],
    ['C01', 'T2', 'pass'],
    ['C04', 'T1', 'fail'],
    ['C05', 'T1', 'warn'],
    ['C05', 'T2', 'fail'],
    ['C06', 'T1', 'fail'],
    ['C06', 'T2', 'fail'],
    ['C07', 'T1', 'fail'],
    ['C07', 'T2', 'fail'],
    ['C11', 'T2', 'unknown'],
    ['C17', 'T1', 'unknown'],
  ])('%s at %s: %s', (id, tier, expected) => {
    expect(status(id, tier)?.status).toBe(expected);
  });

  it('says what was found and what is needed', () => {
    expect(status('C04', 'T1')?.actual).toBe('RTX 2080 Ti, RTX 3070, RTX 3080');
    expect(status('C05', 'T2')?.actual).toContain('0.985 GB/s in theory');
    expect(status('C06', 'T1')).toMatchObject({
      actual: '2 cores, 2 threads, no AVX',
      required: '5 cores, 10 threads, AVX',
    });
    expect(status('C07', 'T1')).toMatchObject({ actual: 8, required: 20, unit: 'GB' });
    // 0.95 x 45 GiB, printed by the document as 43.
    expect(Number(status('C07', 'T2')?.required)).toBeCloseTo((0.95 * gib(45)) / 1e9, 9);
    expect(status('C11', 'T2')?.required).toBe('117 Mb/s both ways');
  });

  it('is not convertible as it stands, and says why', () => {
    expect(found).toMatchObject({ proven: 'T0', potential: 'T0', potentialStated: true });
    expect(found.blockers).toEqual(['C04', 'C06', 'C07']);
  });
});

describe('a server of four 3090', () => {
  it('proves T2 where every gate is evaluated, and no more than the base clock lets it', () => {
    expect(evaluate(serverRig())).toMatchObject({ proven: 'T2', potential: 'T2', blockers: ['C11'] });
  });

  it('proves nothing while gates of the policy are not evaluated', () => {
    expect(evaluate(serverRig(), vast202608)).toMatchObject({ proven: 'none', potential: 'T2' });
  });

  it('rests on the operator’s word where the line does', () => {
    const declared = { ...serverRig(), machine: null };
    expect(evaluate(declared, evaluatedOnly, siteWithLine(500)).restsOnDeclaration).toBe(true);
    expect(evaluate(serverRig(), evaluatedOnly, siteWithLine(500)).restsOnDeclaration).toBe(false);
  });

  it('is as good as its worst card', () => {
    const one = serverRig();
    const gpus = one.gpus.map((card, index) => (index === 2 ? { ...card, pcieWidth: 1 } : card));
    const link = evaluate({ ...one, gpus }).gates.find((gate) => gate.id === 'C05' && gate.tier === 'T2');
    expect(link).toMatchObject({ status: 'fail', gpu: 'b1/#2', gpusAlike: 1, blockerClass: 'HOST' });
    expect(link?.evidence).toMatchObject({ instances: ['a1:9100', 'a1:9835'], sampledAtMs: atMs });
  });
});

describe('rigs of which too little is known', () => {
  it.each([
    ['down', { ...serverRig(), state: 'down' as const }],
    ['without cards', rigOf([])],
    ['with an unknown card', rigOf([gpuOf()])],
    ['with a card that nobody described', rigOf([gpuOf({ model: 'RTX 9999', computeCapability: 12 })])],
  ])('%s: nothing is proven and no potential is stated', (_, of) => {
    expect(evaluate(of)).toMatchObject({ proven: 'none', potentialStated: false });
  });

  it('knows nothing of a rig that is down, whatever its last values were', () => {
    const gates = evaluate({ ...mixedRiserRig(), state: 'down' }).gates;
    expect(new Set(gates.map((gate) => gate.status))).toEqual(new Set(['unknown']));
  });

  it('states T0 where something rules the rig out, whatever the card', () => {
    const poor = rigOf([gpuOf()], { host: hostOf({ ramTotalBytes: 1e9 }) });
    expect(evaluate(poor)).toMatchObject({ proven: 'T0', potential: 'T0', potentialStated: true });
  });
});

/** Cards whose values do not contradict their model: a link no faster than the bus, the VRAM that is sold. */
const someGpu: fc.Arbitrary<Gpu> = fc
  .record({
    card: fc.constantFrom(
      ...['RTX 3070', 'RTX 3090', 'GTX 1060 6GB', 'RX 580 8GB', 'CMP 90HX', 'H100 SXM', 'T4', 'RTX 5090'].map(
        (model) => findCard(model)!,
      ),
    ),
    width: fc.constantFrom(1, 2, 4, 8, 16),
    slowdown: fc.integer({ min: 0, max: 4 }),
    performanceState: fc.constantFrom(0, 2, 3, 8),
    vbiosVersion: fc.constantFrom('94.04', '94.05'),
    xids: fc.array(
      fc.record({
        code: fc.constantFrom(79, 119, 74, 63, 31, 9999),
        lastAtMs: fc.option(fc.integer({ min: 0, max: 10 * 86_400 }).map((age) => atMs - age * 1000)),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ card, width, slowdown, ...known }) => {
    const most = Math.floor(card.pcieGen ?? 3);
    return gpuOf({
      ...known,
      model: card.model,
      vramTotalBytes: gib(card.vramGb ?? 8),
      computeCapability: card.computeCapability,
      pcieWidth: width,
      pcieGeneration: Math.max(1, most - slowdown),
      pcieGenerationMax: most,
    });
  });

const someRig: fc.Arbitrary<Rig> = fc
  .record({
    gpus: fc.oneof(
      fc.array(someGpu, { minLength: 1, maxLength: 3 }),
      fc.tuple(someGpu, fc.integer({ min: 1, max: 8 })).map(([one, count]) => Array.from({ length: count }, () => one)),
    ),
    cpuCores: fc.integer({ min: 1, max: 128 }),
    avx: fc.boolean(),
    ramGib: fc.integer({ min: 2, max: 2500 }),
    bootAgeMs: fc.integer({ min: 0, max: 10 * 86_400_000 }),
    port: fc.constantFrom(1e8, 1e9, 1e10),
    down: fc.double({ min: 0, max: 1, noNaN: true }),
    up: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ gpus, cpuCores, avx, ramGib, bootAgeMs, port, down, up }) =>
    rigOf(
      gpus.map((card, index) => ({ ...card, key: `a1/#${index}` })),
      {
        host: hostOf({
          cpuCores,
          cpuThreads: cpuCores * 2,
          avx,
          ramTotalBytes: gib(ramGib),
          nicBitsPerSecond: port,
          bootAtMs: atMs - bootAgeMs,
        }),
        machine: machineOf({ downloadBitsPerSecond: down * port, uploadBitsPerSecond: up * port }),
      },
    ),
  );

const cardFields = [
  'model',
  'vramTotalBytes',
  'pcieWidth',
  'pcieGeneration',
  'pcieGenerationMax',
  'performanceState',
  'computeCapability',
  'vbiosVersion',
  'xids',
] as const satisfies readonly (keyof Gpu)[];
const hostFields = [
  'cpuThreads',
  'cpuCores',
  'avx',
  'ramTotalBytes',
  'nicBitsPerSecond',
  'bootAtMs',
] as const satisfies readonly (keyof Host)[];
const lineFields = ['downloadBitsPerSecond', 'uploadBitsPerSecond'] as const;

const forgetting = fc.oneof(
  fc.tuple(fc.constantFrom(...cardFields), fc.nat()).map(([field, at]) => (of: Rig): Rig => {
    const index = at % of.gpus.length;
    return { ...of, gpus: of.gpus.map((card, i) => (i === index ? { ...card, [field]: null } : card)) };
  }),
  fc.constantFrom(...hostFields).map(
    (field) =>
      (of: Rig): Rig => ({ ...of, host: { ...of.host, [field]: null } }),
  ),
  fc.constantFrom(...lineFields).map(
    (field) =>
      (of: Rig): Rig => ({ ...of, machine: { ...of.machine!, [field]: null } }),
  ),
);

describe('what is unknown', () => {
  it('never raises what is proven and never lowers what is possible', () => {
    fc.assert(
      fc.property(someRig, fc.array(forgetting, { minLength: 1, maxLength: 8 }), (of, forgets) => {
        let known = of;
        for (const forget of forgets) {
          const less = forget(known);
          const [before, after] = [evaluate(known), evaluate(less)];
          expect(reaches(before.proven, after.proven)).toBe(true);
          expect(reaches(after.potential, before.potential)).toBe(true);
          known = less;
        }
      }),
      { numRuns: 1000, seed: 20_261_122 },
    );
  });

  it('never proves more than is possible', () => {
    fc.assert(
      fc.property(someRig, fc.array(forgetting, { maxLength: 8 }), (of, forgets) => {
        const found = evaluate(forgets.reduce((known, forget) => forget(known), of));
        expect(reaches(found.potential, found.proven)).toBe(true);
      }),
      { numRuns: 500, seed: 20_261_122 },
    );
  });

  it('is told apart by rigs that do prove something', () => {
    const seen = new Set(fc.sample(someRig, { numRuns: 3000, seed: 20_261_122 }).map((of) => evaluate(of).proven));
    expect(seen.has('T0') && seen.has('T1')).toBe(true);
  });
});
