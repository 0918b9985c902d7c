import { describe, expect, it } from 'vitest';
import { readiness } from '../../commands/readiness.ts';
import type { Reply } from '../../src/chat/reply.ts';
import { UserError } from '../../src/domain/errors.ts';
import type { Rig } from '../../src/domain/rig.ts';
import { assessFleet, currentPolicy } from '../../src/fleet/assess.ts';
import type { FleetContext } from '../../src/fleet/context.ts';
import type { LedgerStore } from '../../src/ports/store.ts';
import { presentation, textsOf } from '../support/answers.ts';
import { farmOf } from '../support/farms.ts';
import { saidInFrench } from '../support/french.ts';
import { atMs, gpuOf, mixedRiserRig, rigOf, serverRig } from '../support/rigs.ts';
import { contextOf, snapshotOf } from '../support/snapshots.ts';

const unasked = async (): Promise<never> => {
  throw new Error('readiness asks the ledger nothing');
};
const ledger: LedgerStore = {
  commit: unasked,
  rows: unasked,
  accounts: unasked,
  modelUse: unasked,
  newestStartMs: unasked,
  saveOpen: unasked,
  loadOpen: unasked,
  commitAndSaveOpen: unasked,
  days: unasked,
  commitDays: unasked,
  newestDayMs: unasked,
  oldestStartMs: unasked,
  forgetHours: unasked,
};

const farm = farmOf();

function contextOfRigs(rigs: readonly Rig[] | null): FleetContext {
  return contextOf(rigs === null ? null : snapshotOf(rigs), farm, { ledger });
}

const down = rigOf([gpuOf({ key: 'c1/#0' })], {
  name: 'c1',
  site: null,
  state: 'down',
  instances: ['c1:9835'],
  sampledAtMs: null,
});
const fleet = [mixedRiserRig(), serverRig(), down];

async function ask(text: { rig?: string; site?: string; format?: string }, rigs: readonly Rig[] | null = fleet) {
  const facts = readiness.facts.parse(await readiness.run(readiness.parse.parse(text), contextOfRigs(rigs)));
  const reply = readiness.present(facts, presentation);
  saidInFrench((reader) => readiness.present(facts, reader), textsOf);
  return { facts, reply };
}

function everyText(reply: Reply): string {
  return JSON.stringify(reply);
}

describe('readiness of the fleet', () => {
  it('counts GPUs by tier and keeps the unknown apart', async () => {
    const { facts } = await ask({});
    expect(facts.gpus.total).toBe(10);
    expect(facts.gpus.proven).toEqual({ none: 5, T0: 5, T1: 0, T2: 0, T3: 0, T4: 0 });
    expect(facts.gpus.potential).toEqual({ T0: 5, T1: 0, T2: 4, T3: 0, T4: 0, unknown: 1 });
    expect(facts.shares).toEqual({
      from: 'T2',
      denominator: 10,
      proven: 0,
      provenDeclared: 0,
      potential: 0.4,
      unknown: 0.1,
    });
  });

  it('says so in words and figures', async () => {
    const { reply } = await ask({});
    expect(reply.headline).toBe(
      '40% of 10 GPUs in the fleet could be verifiable or better as they stand; 0% are proven, of 10% nothing can be said.',
    );
    expect(reply.blocks.map((block) => block.kind)).toEqual(['table', 'table', 'notes', 'notes']);
    const [, rigs] = reply.blocks;
    expect(rigs?.kind === 'table' && rigs.rows).toEqual([
      ['b1', '4', 'not proven', 'verifiable', 'C11 download and upload', 'C06 CPU'],
      [
        'a1',
        '5',
        'not convertible',
        'not convertible',
        'C04 same model in the rig, C06 CPU, C07 system RAM',
        'C11 download and upload, C17 critical XIDs',
      ],
      ['c1', '1', 'not proven', 'unknown: rig down', '', expect.stringContaining('C01 GPU architecture')],
    ]);
  });

  it('never prints a bare tier number', async () => {
    for (const asked of [{}, { rig: 'a1' }, { rig: 'b1' }, { rig: 'c1' }]) {
      expect(everyText((await ask(asked)).reply)).not.toMatch(/\bT[0-4]\b/);
    }
  });

  it('names what nothing evaluates yet', async () => {
    const { facts, reply } = await ask({});
    expect(facts.notEvaluated).toEqual(['C08', 'C09', 'C12', 'C13', 'C14', 'C15', 'C16', 'C18', 'C25', 'C26']);
    expect(everyText(reply)).toContain('Not evaluated yet, so that nothing is proven by them: C08');
  });

  it('has no share of a fleet without GPUs', async () => {
    const { facts, reply } = await ask({}, [rigOf([])]);
    expect(facts.shares).toMatchObject({ denominator: 0, proven: null, potential: null, unknown: null });
    expect(facts.rigsWithoutGpus).toBe(1);
    expect(reply.headline).toBe('No GPU of the fleet was seen, so its share that is verifiable is unknown.');
  });

  it('shows twenty rigs and says how many are left', async () => {
    const many = Array.from({ length: 25 }, (_, index) => ({ ...mixedRiserRig(), name: `r${index}` }));
    const table = (await ask({}, many)).reply.blocks[1];
    expect(table).toMatchObject({ kind: 'table', more: { count: 5 } });
  });

  it('leaves the gates of very many rigs to a smaller question', async () => {
    const many = Array.from({ length: 201 }, (_, index) => ({ ...mixedRiserRig(), name: `r${index}` }));
    expect((await ask({}, many)).facts.rigs.every((found) => found.gates.length === 0)).toBe(true);
    expect((await ask({}, many.slice(1))).facts.rigs.every((found) => found.gates.length > 0)).toBe(true);
  });
});

describe('readiness of very many rigs', () => {
  const many = Array.from({ length: 1_001 }, (_, index) => ({ ...down, name: `d${index}` }));

  it('counts them all and lists the most promising, saying how many are left out', async () => {
    const { facts, reply } = await ask({}, [...many, serverRig()]);
    expect(facts.gpus.total).toBe(1_005);
    expect(facts.rigs).toHaveLength(1_000);
    expect(facts.rigs[0]?.rig).toBe(serverRig().name);
    expect(facts.rigsNotListed).toBe(2);
    const table = reply.blocks.find((block) => block.kind === 'table' && block.title === 'Rigs');
    expect(table).toMatchObject({ more: { count: 1_002 - 20 } });
  });
});

describe('readiness as a file', () => {
  it('lists every rig, however many there are', async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => ({ ...down, name: `d${index}` }));
    const { facts, reply } = await ask({ format: 'csv' }, [...many, serverRig()]);
    expect(facts.rigs).toHaveLength(1_002);
    const [header, ...lines] = reply.files?.[0]?.text.split('\r\n') ?? [];
    expect(header).toBe('rig,site,state,gpus,proven,potential,blockers,unknown,verified by the marketplace,policy');
    expect(lines).toHaveLength(1_003);
    expect(lines).toContain('b1,quebec,up,4,not proven,verifiable,C11 download and upload,C06 CPU,,vast-2026-08');
    expect(lines[0]).toMatch(/^d0,,down,1,not proven,,,C01 GPU architecture; .*,,vast-2026-08$/);
  });
});

describe('readiness of a site', () => {
  it('judges its rigs alone', async () => {
    const { facts } = await ask({ site: 'Quebec' });
    expect(facts.scope).toEqual({ kind: 'site', name: 'quebec' });
    expect(facts.rigs.map((found) => found.rig)).toEqual(['b1']);
  });
});

describe('readiness of a rig', () => {
  it('shows every gate with its evidence', async () => {
    const { facts } = await ask({ rig: 'a1' });
    const [found] = facts.rigs;
    expect(found?.gates).toHaveLength(36);
    expect(found?.gates.find((gate) => gate.criterion === 'C07' && gate.tier === 'T1')).toEqual({
      criterion: 'C07',
      tier: 'T1',
      status: 'fail',
      gpu: null,
      gpusAlike: null,
      actual: 8,
      operator: '>=',
      required: 20,
      unit: 'GB',
      basis: 'measured',
      class: 'HOST',
      evidence: {
        query: 'node_memory_MemTotal_bytes of a1:9100\nnode_memory_MemTotal_bytes of a1:9835',
        instance: 'a1:9100, a1:9835',
        sampledAt: '2026-11-22T12:00:00.000Z',
      },
      source: expect.stringContaining('verification-stages'),
    });
  });

  it.each([
    ['a1', 'a1 is not convertible as it stands; C04 same model in the rig, C06 CPU, C07 system RAM block listable.'],
    ['b1', 'b1 is not proven, but could be verifiable as it stands; C11 download and upload blocks secure cloud.'],
    ['c1', 'Readiness of c1 is unknown: it is down.'],
  ])('%s: %s', async (name, expected) => {
    expect((await ask({ rig: name })).reply.headline).toBe(expected);
  });

  it('prints figures in the reader’s locale', async () => {
    const { facts } = await ask({ rig: 'b1' });
    const french = readiness.present(facts, { ...presentation, locale: 'fr-FR' });
    expect(everyText(french)).toContain('274,88 GB');
  });

  it('states no potential of a card that nobody described', async () => {
    const { facts, reply } = await ask({ rig: 'd1' }, [rigOf([gpuOf({ model: 'RTX 9999' })], { name: 'd1' })]);
    expect(facts.rigs[0]).toMatchObject({ proven: 'none', potential: null });
    expect(reply.headline).toContain('its potential is unknown');
  });
});

describe('mistakes', () => {
  it.each([
    [{ rig: 'b11' }, 'b11', 'b1'],
    [{ site: 'quebek' }, 'quebek', 'quebec'],
    [{ rig: 'a1', site: 'quebec' }, 'a1 is not at site quebec', 'readiness a1'],
  ])('%o', async (asked, message, remedy) => {
    const error: unknown = await ask(asked).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UserError);
    expect(error instanceof UserError && error.message).toContain(message);
    expect(error instanceof UserError && error.remedy).toContain(remedy);
  });

  it('says that there is no observation yet', async () => {
    await expect(ask({}, null)).rejects.toThrow(UserError);
  });
});

describe('assessFleet', () => {
  it('lets other work run while it judges a large fleet', async () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({ ...mixedRiserRig(), name: `r${index}` }));
    let turns = 0;
    let running = true;
    const tick = () => {
      turns += 1;
      if (running) setImmediate(tick);
    };
    setImmediate(tick);
    await assessFleet(snapshotOf(many), farm, currentPolicy, atMs);
    running = false;
    expect(turns).toBeGreaterThan(1);
  });
});
