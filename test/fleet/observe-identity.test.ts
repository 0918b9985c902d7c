import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { french } from '../../commands/french/index.ts';
import { createPhraseBook } from '../../src/chat/languages/phrase-book.ts';
import type { Farm } from '../../src/domain/farm.ts';
import type { KnownCard } from '../../src/domain/known-card.ts';
import type { Rig } from '../../src/domain/rig.ts';
import type { IdentityConflict, Snapshot } from '../../src/domain/snapshot.ts';
import { workStates } from '../../src/domain/work-state.ts';
import { createObserver, type Observer } from '../../src/fleet/observe.ts';
import { farmOf } from '../support/farms.ts';
import { metricsSettings } from '../support/metrics-settings.ts';
import { ScriptedSource, type ScriptedTarget } from '../support/scripted-source.ts';

type Targets = Readonly<Record<string, ScriptedTarget>>;

let source: ScriptedSource;
let observer: Observer;

beforeEach(() => {
  source = new ScriptedSource();
  observer = observerOf();
});

function observerOf(farm: Partial<Farm> = {}): Observer {
  return createObserver({ source, farm: farmOf(farm), metrics: metricsSettings() });
}

async function observe(targets: Targets, incomplete = false): Promise<Snapshot> {
  source.targets = targets;
  source.incomplete = incomplete;
  source.atMs += 15_000;
  return observer.observe(AbortSignal.timeout(5_000));
}

const cards = (...uuids: readonly string[]): ScriptedTarget =>
  uuids.flatMap((uuid, index) => [
    ['nvidia_smi_gpu_info', { uuid, index: `${index}`, name: 'NVIDIA GeForce RTX 3090' }, 1] as const,
    ['nvidia_smi_utilization_gpu_ratio', { uuid }, 0] as const,
  ]);
const node = (nodename: string): ScriptedTarget => [['node_uname_info', { nodename }, 1]];
const trex = (count: number, worker = 'a1'): ScriptedTarget =>
  Array.from({ length: count }, (_, id) => [
    'trex_gpu_hashrate',
    { device_id: `${id}`, name: 'RTX 3090', worker },
    6e7,
  ]);
const hive = (...rigs: readonly string[]): ScriptedTarget =>
  rigs.map((rig) => [
    'hiveos_gpu_hashrate',
    { rig, card: '0', model: 'RTX 3090', brand: 'nvidia', coin: 'RVN', miner: 't-rex' },
    3e4,
  ]);

function rigNamed({ rigs }: Snapshot, name: string): Rig {
  const rig = rigs.find((candidate) => candidate.name === name);
  if (rig === undefined) throw new Error(`no rig ${name} among ${rigs.map((known) => known.name)}`);
  return rig;
}
const fleet = ({ rigs }: Snapshot) =>
  Object.fromEntries(rigs.map(({ name, gpus }) => [name, gpus.map(({ key, state }) => `${key} ${state}`)]));
const kinds = ({ conflicts }: Snapshot) => conflicts.map(({ kind, rigs }) => [kind, ...rigs].join(' '));

function knownCard(rig: string, uuid: string | null, known: Partial<KnownCard> = {}): KnownCard {
  return {
    rig,
    key: uuid ?? `${rig}/#0`,
    index: 0,
    uuid,
    bus: null,
    model: 'RTX 3090',
    vramTotalBytes: null,
    pcieWidthMax: null,
    pcieGenerationMax: null,
    computeCapability: null,
    driverVersion: null,
    cudaVersion: null,
    vbiosVersion: null,
    firstSeenMs: source.atMs - 86_400_000,
    seenMs: source.atMs - 3_600_000,
    ...known,
  };
}

describe('one card under two rigs', () => {
  it('counts once, in the first of the alphabet, and is said', async () => {
    const snapshot = await observe({ 'b1:9835': cards('aa', 'bb'), 'a1:9835': cards('aa') });
    expect(fleet(snapshot)).toEqual({ a1: ['aa idle-unlisted'], b1: ['bb idle-unlisted'] });
    expect(snapshot.conflicts).toEqual([
      {
        kind: 'card-in-two-rigs',
        rigs: ['a1', 'b1'],
        message: 'rigs b1 and a1 both print the cards aa; they count in a1',
        remedy: expect.stringMatching(/one rig name/),
      },
    ] satisfies IdentityConflict[]);
    expect(rigNamed(snapshot, 'b1').problems).toEqual(['card aa is printed by rig a1 too and counts there']);
  });

  it('is not missed where it does not count', async () => {
    await observe({ 'b1:9835': cards('aa', 'bb') });
    const both = { 'b1:9835': cards('aa', 'bb'), 'a1:9835': cards('aa') };
    for (let again = 0; again < 2; again++) {
      expect(fleet(await observe(both))).toEqual({ a1: ['aa idle-unlisted'], b1: ['bb idle-unlisted'] });
    }
  });
});

describe('what is known of cards', () => {
  it('comes from the store: what does not answer after a restart is missed', async () => {
    observer.knownCards.restore([knownCard('a1', 'aa'), knownCard('a1', 'bb', { index: 1 }), knownCard('z1', 'zz')]);
    const snapshot = await observe({ 'a1:9835': cards('aa') });
    expect(fleet(snapshot)).toEqual({ a1: ['aa idle-unlisted', 'bb down'], z1: ['zz down'] });
    expect(rigNamed(snapshot, 'z1')).toMatchObject({ state: 'down', instances: [] });
  });

  it('is dropped with what is retired: a rig, a card, and a rig that does not answer', async () => {
    observer = observerOf({ retired: new Set(['z1', 'bb', 'y1']) });
    observer.knownCards.restore([knownCard('a1', 'aa'), knownCard('a1', 'bb'), knownCard('z1', 'zz')]);
    expect(observer.knownCards.takeDirty()).toEqual({
      save: [],
      remove: [
        { rig: 'a1', key: 'bb' },
        { rig: 'z1', key: 'zz' },
      ],
    });
    const snapshot = await observe({ 'a1:9835': 'timeout', 'y1:9835': 'refused', 'z1:9835': cards('zz') });
    expect(fleet(snapshot)).toEqual({ a1: ['aa down'], z1: ['zz idle-unlisted'] });
    expect(fleet(await observe({ 'a1:9835': cards('aa') }))).toEqual({ a1: ['aa idle-unlisted'] });
  });

  it('goes along with a rig that was renamed', async () => {
    const settings = { site: null, mining: { coin: null, poolFee: null }, hostWatts: null, psuEfficiency: null };
    observer = observerOf({ rigs: new Map([['new', { ...settings, formerly: ['old'] }]]) });
    observer.knownCards.restore([knownCard('old', 'aa'), knownCard('old', null)]);
    expect(observer.knownCards.takeDirty()).toMatchObject({
      save: [
        { rig: 'new', key: 'aa' },
        { rig: 'new', key: 'new/#0' },
      ],
      remove: [
        { rig: 'old', key: 'aa' },
        { rig: 'old', key: 'old/#0' },
      ],
    });
    expect(fleet(await observe({ 'new:9835': 'timeout' }))).toEqual({ new: ['aa down'] });
  });

  it('moves with the card, at once', async () => {
    await observe({ 'a1:9835': cards('aa', 'bb'), 'b1:9835': cards('cc') });
    observer.knownCards.takeDirty();
    const moved = await observe({ 'a1:9835': cards('aa'), 'b1:9835': cards('cc', 'bb') });
    expect(fleet(moved)).toEqual({ a1: ['aa idle-unlisted'], b1: ['cc idle-unlisted', 'bb idle-unlisted'] });
    expect(observer.knownCards.takeDirty()).toMatchObject({
      save: [{ rig: 'b1', key: 'bb', firstSeenMs: source.atMs }],
      remove: [{ rig: 'a1', key: 'bb' }],
    });
  });

  it('by its number alone is forgotten once the card has a name', async () => {
    await observe({ 'a1:4068': trex(1) });
    expect(observer.knownCards.takeDirty().save).toMatchObject([{ key: 'a1/#0' }]);
    await observe({ 'a1:4068': trex(1), 'a1:9835': cards('aa') });
    expect(observer.knownCards.takeDirty()).toMatchObject({
      save: [{ key: 'aa' }],
      remove: [{ rig: 'a1', key: 'a1/#0' }],
    });
    expect(fleet(await observe({ 'a1:4068': 'timeout', 'a1:9835': 'timeout' }))).toEqual({ a1: ['aa down'] });
  });

  it('is written when it changes and every ten minutes, and again where that failed', async () => {
    const one = { 'a1:9835': cards('aa') };
    await observe(one);
    const first = observer.knownCards.takeDirty();
    expect(first.save).toMatchObject([{ rig: 'a1', key: 'aa', firstSeenMs: source.atMs, seenMs: source.atMs }]);
    await observe(one);
    expect(observer.knownCards.takeDirty()).toEqual({ save: [], remove: [] });
    observer.knownCards.giveBack(first);
    expect(observer.knownCards.takeDirty().save).toMatchObject([{ key: 'aa', seenMs: source.atMs }]);
    source.atMs += 600_000;
    await observe(one);
    expect(observer.knownCards.takeDirty().save).toMatchObject([{ key: 'aa', seenMs: source.atMs }]);
  });
});

describe('a card whose exporter is away', () => {
  it('keeps its name while a miner prints it by its number', async () => {
    const whole = { 'a1:9835': cards('aa', 'bb'), 'a1:4068': trex(2) };
    await observe(whole);
    const partial = await observe({ ...whole, 'a1:9835': 'timeout' });
    expect(fleet(partial)).toEqual({ a1: ['aa mining', 'bb mining'] });
    expect(partial.changes).toMatchObject([{ rig: 'a1', card: null, from: 'up', to: 'partial' }]);
    const another = await observe({ ...whole, 'a1:9835': 'timeout', 'a1:4068': trex(1) });
    expect(fleet(another)).toEqual({ a1: ['a1/#0 mining'] });
  });

  it('is not gone, but one is whose exporter answers', async () => {
    const rig: Targets = { 'a1:9835': cards('aa', 'bb'), 'a1:9100': node('a1') };
    await observe(rig);
    expect(fleet(await observe({ ...rig, 'a1:9835': 'timeout' }))).toEqual({ a1: ['aa unknown', 'bb unknown'] });
    const lost = await observe({ 'a1:9835': cards('aa'), 'a1:9100': 'timeout' });
    expect(fleet(lost)).toEqual({ a1: ['aa idle-unlisted', 'bb down'] });
  });
});

describe('an exporter of many rigs', () => {
  it('that fails leaves them there', async () => {
    await observe({ 'hive:9000': hive('h1', 'h2') });
    const failed = await observe({ 'hive:9000': 'timeout' });
    expect(fleet(failed)).toEqual({ h1: ['h1/#0 down'], h2: ['h2/#0 down'] });
    expect(rigNamed(failed, 'h1').problems).toEqual([]);
    const { rigs } = await observe({ 'hive:9000': hive('h1') });
    expect(rigs).toMatchObject([
      { name: 'h1', state: 'up', gpuStates: { down: 0 } },
      { name: 'h2', state: 'down', gpuStates: { down: 1 } },
    ]);
  });
});

describe('an exporter that answers and prints nothing', () => {
  const vast: ScriptedTarget = [
    ['vastai_machine_info', { machine_id: '7', hostname: 'a1', gpu_name: 'RTX 3090' }, 1],
    ['vastai_machine_used_gpu_count', { machine_id: '7', rental_type: 'ondemand' }, 1],
  ];

  it('of an account: what was rented is unknown, and it is no rig', async () => {
    const rented = await observe({ 'vast:8622': vast, 'a1:9835': cards('aa') });
    expect(fleet(rented)).toEqual({ a1: ['aa rented'] });
    for (let again = 0; again < 2; again++) {
      const silent = await observe({ 'vast:8622': [], 'a1:9835': cards('aa') });
      expect(fleet(silent)).toEqual({ a1: ['aa unknown'] });
      expect(silent.failures).toMatchObject([
        { instance: 'vast:8622', message: 'it answers, but prints nothing of what it printed before' },
      ]);
    }
    expect(fleet(await observe({ 'vast:8622': vast, 'a1:9835': cards('aa') }))).toEqual({ a1: ['aa rented'] });
  });

  it('of many rigs: they are there', async () => {
    await observe({ 'hive:9000': hive('h1') });
    expect(rigNamed(await observe({ 'hive:9000': [] }), 'h1').instances).toEqual(['hive:9000']);
  });

  it('of cards: they are gone', async () => {
    await observe({ 'a1:9835': cards('aa') });
    expect(fleet(await observe({ 'a1:9835': [] }))).toEqual({ a1: ['aa down'] });
  });

  it('that anybody knows is no rig, neither while it fails', async () => {
    const monitoring: ScriptedTarget = [['prometheus_build_info', {}, 1]];
    expect(fleet(await observe({ 'prometheus:9090': monitoring, 'a1:9835': cards('aa') }))).toEqual({
      a1: ['aa idle-unlisted'],
    });
    const failed = await observe({ 'prometheus:9090': 'timeout', 'a1:9835': cards('aa') });
    expect(Object.keys(fleet(failed))).toEqual(['a1']);
  });
});

describe('cards that only their number tells apart', () => {
  const mixed = (...models: readonly string[]): ScriptedTarget =>
    models.map((name, id) => ['trex_gpu_hashrate', { device_id: `${id}`, name, worker: 'a1' }, 6e7]);
  const models = (snapshot: Snapshot) => rigNamed(snapshot, 'a1').gpus.map(({ model, state }) => `${model} ${state}`);

  it('move up when one of them vanishes: the model that is missing is the one that none of them is', async () => {
    await observe({ 'a1:4068': mixed('RTX 3090', 'RTX 3070', 'RTX 3080') });
    const missed = ['RTX 3090 mining', 'RTX 3080 mining', 'RTX 3070 down'];
    for (let again = 0; again < 3; again++) {
      expect(models(await observe({ 'a1:4068': mixed('RTX 3090', 'RTX 3080') }))).toEqual(missed);
    }
    expect(models(await observe({ 'a1:4068': 'timeout' }))).toEqual([
      'RTX 3090 down',
      'RTX 3080 down',
      'RTX 3070 down',
    ]);
  });

  it('of which one was replaced by another model keep the number that is missing', async () => {
    await observe({ 'a1:4068': mixed('RTX 3090', 'RTX 3070') });
    expect(models(await observe({ 'a1:4068': mixed('RTX 4090') }))).toEqual(['RTX 4090 mining', 'RTX 3070 down']);
  });
});

describe('a partial answer', () => {
  it('takes nobody for gone', async () => {
    observer = createObserver({
      source,
      farm: farmOf(),
      metrics: metricsSettings({ states: { miningGapMs: 0, downAfterMs: 15_000 } }),
    });
    await observe({ 'a1:9835': cards('aa', 'bb'), 'b1:9835': cards('cc') });
    for (let again = 0; again < 4; again++) {
      const partial = await observe({ 'a1:9835': cards('aa') }, true);
      expect(fleet(partial)).toEqual({ a1: ['aa idle-unlisted', 'bb unknown'], b1: ['cc unknown'] });
      expect(rigNamed(partial, 'b1')).toMatchObject({
        state: 'silent',
        problems: ['its exporters are missing from a partial answer'],
      });
    }
    await observe({ 'a1:9835': cards('aa') });
    expect(rigNamed(await observe({ 'a1:9835': cards('aa') }), 'b1').state).toBe('down');
  });
});

describe('conflicts', () => {
  it('two rigs of one name stay apart also while one of them fails', async () => {
    const two: Targets = { '10.0.0.1:4068': trex(1, 'rig'), '10.0.0.2:4068': trex(1, 'rig') };
    expect(kinds(await observe(two))).toEqual(['rig-name rig (10.0.0.1) rig (10.0.0.2)']);
    const one = await observe({ ...two, '10.0.0.1:4068': 'timeout' });
    expect(fleet(one)).toEqual({
      'rig (10.0.0.1)': ['rig (10.0.0.1)/#0 down'],
      'rig (10.0.0.2)': ['rig (10.0.0.2)/#0 mining'],
    });
  });

  it('a machine that fits several rigs, and two machines of one rig', async () => {
    const machine = (id: string, hostname: string, online: number, rented: number): ScriptedTarget => [
      ['vastai_machine_info', { machine_id: id, hostname, gpu_name: 'RTX 3090' }, 1],
      ['vastai_machine_is_online', { machine_id: id }, online],
      ['vastai_machine_used_gpu_count', { machine_id: id, rental_type: 'ondemand' }, rented],
    ];
    const several = await observe({
      'h1:9100': node('a.east'),
      'h2:9100': node('a.west'),
      'v:1': machine('7', 'a', 1, 1),
    });
    expect(kinds(several)).toEqual(['machine a.east a.west']);
    const twice = await observe({
      'a1:9835': cards('aa'),
      'v:1': machine('7', 'a1', 0, 0),
      'v:2': machine('8', 'a1', 1, 1),
    });
    expect(kinds(twice)).toEqual(['machine a1']);
    expect(rigNamed(twice, 'a1')).toMatchObject({ machine: { machineId: '8' }, gpuStates: { rented: 1 } });
  });

  it('of one rig name the rig', async () => {
    expect(kinds(await observe({ 'a1:9835': cards('aa', 'bb'), 'a1:4068': trex(1) }))).toEqual(['card-count a1']);
  });
});

const uuid = fc.constantFrom('aa', 'bb', 'cc', 'dd', '00000000-0000-0000-0000-000000000000');
const printed = fc.oneof(
  fc.uniqueArray(uuid, { maxLength: 4 }).map((uuids) => cards(...uuids)),
  fc.nat(4).map((count) => trex(count, 'w')),
  fc.constantFrom('a1', 'n1').map(node),
  fc.uniqueArray(fc.constantFrom('a1', 'h1'), { maxLength: 2 }).map((rigs) => hive(...rigs)),
  fc.constant<ScriptedTarget>('timeout'),
);
const instance = fc.constantFrom('a1:1', 'a1:2', 'b1:1', 'b1:2', 'c1:1', '127.0.0.1:1');
const targetList = fc.dictionary(instance, printed, { maxKeys: 5 });
const history = fc.array(targetList, { minLength: 1, maxLength: 5 });

describe('whatever exporters print', () => {
  it('the order in which they answer and print decides nothing', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.infiniteStream(fc.nat()), async (observations, numbers) => {
        const shuffled = <T>(list: readonly T[]): T[] =>
          list
            .map((item) => [numbers.next().value as number, item] as const)
            .sort(([a], [b]) => a - b)
            .map(([, item]) => item);
        const reordered = (targets: Targets): Targets =>
          Object.fromEntries(
            shuffled(Object.entries(targets)).map(([name, target]) => [
              name,
              typeof target === 'string' ? target : shuffled(target),
            ]),
          );
        const run = async (steps: readonly Targets[]) => {
          source = new ScriptedSource();
          observer = observerOf();
          const snapshots: Pick<Snapshot, 'rigs' | 'conflicts' | 'changes'>[] = [];
          for (const step of steps) {
            const { rigs, conflicts, changes } = await observe(step);
            snapshots.push({ rigs, conflicts, ...(changes === undefined ? {} : { changes }) });
          }
          return snapshots;
        };
        expect(await run(observations.map(reordered))).toEqual(await run(observations));
      }),
    );
  });

  it('each card counts once in the fleet, and each rig counts its cards', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (observations) => {
        source = new ScriptedSource();
        observer = observerOf();
        for (const targets of observations) {
          const { rigs } = await observe(targets);
          const keys = rigs.flatMap(({ gpus }) => gpus.map(({ key }) => key));
          expect(new Set(keys).size).toBe(keys.length);
          expect(new Set(rigs.map(({ name }) => name)).size).toBe(rigs.length);
          for (const { gpus, gpuStates } of rigs) {
            expect(workStates.reduce((sum, state) => sum + gpuStates[state], 0)).toBe(gpus.length);
          }
        }
      }),
    );
  });

  it('every conflict and problem is said in French too', async () => {
    const book = createPhraseBook(french.phrases);
    await fc.assert(
      fc.asyncProperty(history, async (observations) => {
        source = new ScriptedSource();
        observer = observerOf();
        for (const targets of observations) {
          const { rigs, conflicts, warnings } = await observe(targets);
          const sentences = [
            ...warnings,
            ...rigs.flatMap(({ problems }) => problems),
            ...conflicts.flatMap(({ message, remedy }) => [message, remedy]),
          ];
          expect(sentences.filter((sentence) => book.find(sentence) === null)).toEqual([]);
        }
      }),
    );
  });

  it('the same observation again shows the same rigs', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (observations) => {
        source = new ScriptedSource();
        observer = observerOf();
        for (const targets of observations) await observe(targets);
        const last = observations.at(-1) ?? {};
        const shown = fleet(await observe(last));
        expect(fleet(await observe(last))).toEqual(shown);
      }),
    );
  });
});
