import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FakePlatform, fakePlatform, type SendFault } from '../support/fake-sender.ts';
import { LockstepTime } from '../support/lockstep-time.ts';
import { memoryOutbox } from '../support/memory-outbox.ts';
import { type Lives, outboxLives } from './outbox-lives.ts';
import { newPost } from './outbox-setup.ts';

const anyPosts = fc
  .array(
    fc.record({ channel: fc.constantFrom('a', 'b'), priority: fc.constantFrom('page', 'digest', 'reply', 'edit') }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((posts) => posts.map((post, index) => newPost(`post-${index}`, post)));

const anyDeath = fc.record({ call: fc.integer({ min: 1, max: 40 }), when: fc.constantFrom('before', 'after') });

/** No more than a page may be said again, together with the deaths. */
function anyFaults(...faults: SendFault[]): fc.Arbitrary<(SendFault | null)[]> {
  return fc.array(fc.option(fc.constantFrom(...faults), { freq: 4 }), { maxLength: 8 });
}

const anyLives = {
  posts: anyPosts,
  deaths: fc.array(anyDeath, { maxLength: 3 }),
  sendFaults: anyFaults('not sent', 'lost', 'lost but done', 'hangs', 'refused'),
};

async function live(
  scenario: {
    readonly posts: ReturnType<typeof newPost>[];
    readonly deaths: Parameters<Lives['live']>[1];
    readonly sendFaults: readonly (SendFault | null)[];
    readonly findFaults: readonly (SendFault | null)[];
  },
  readable: boolean,
) {
  const time = new LockstepTime(Date.UTC(2026, 10, 2, 8));
  const store = memoryOutbox();
  const platform: FakePlatform = fakePlatform();
  platform.readable = readable;
  platform.sendFaults.push(...scenario.sendFaults);
  platform.findFaults.push(...scenario.findFaults);
  const lives = outboxLives(store, platform, time);
  await lives.live(scenario.posts, scenario.deaths);
  return Promise.all(
    scenario.posts.map(async ({ key, priority }) => ({
      priority,
      state: (await store.entry(key))?.state,
      standing: platform.messages.filter((message) => message.key === key),
      told: (state: string) => lives.told.some((notice) => notice.key === `outbox ${state} ${key}`),
    })),
  );
}

test('where the history can be read every post stands exactly once, or was refused and the admins know', async () => {
  const scenarios = fc.record({
    ...anyLives,
    // A third would count as nobody being able to look.
    findFaults: fc.array(fc.constantFrom<SendFault>('not sent', 'lost', 'hangs'), { maxLength: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      for (const { state, standing, told } of await live(scenario, true)) {
        expect(['sent', 'failed']).toContain(state);
        expect(standing).toHaveLength(state === 'sent' ? 1 : 0);
        expect(standing[0]?.possibleRepeat ?? false).toBe(false);
        if (state === 'failed') expect(told('failed')).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
});

test('where it cannot, a page stands at least once and says where it may be a repeat; the rest at most once, or the admins know', async () => {
  const scenarios = fc.record({ ...anyLives, findFaults: anyFaults('not sent', 'refused') });
  await fc.assert(
    fc.asyncProperty(scenarios, async (scenario) => {
      for (const { priority, state, standing, told } of await live(scenario, false)) {
        expect(['sent', 'failed', 'unsure']).toContain(state);
        if (state === 'failed' || state === 'unsure') expect(told(state ?? '')).toBe(true);
        if (state === 'sent') expect(standing.length).toBeGreaterThanOrEqual(1);
        if (state === 'failed') expect(standing).toHaveLength(0);
        if (priority !== 'page') expect(standing.length).toBeLessThanOrEqual(1);
        expect(standing.slice(1).every(({ possibleRepeat }) => possibleRepeat)).toBe(true);
      }
    }),
    { numRuns: 150 },
  );
});

/** Every await of the simplest life: the process dies at each of its calls in turn. */
test.each(['page', 'digest'] as const)(
  'a process that dies at any call loses no %s and says none twice',
  async (priority) => {
    for (let call = 1; call <= 12; call += 1) {
      for (const when of ['before', 'after'] as const) {
        const scenario = {
          posts: [newPost('post-1', { priority })],
          deaths: [{ call, when }],
          sendFaults: [],
          findFaults: [],
        };
        const [seen] = await live(scenario, true);
        expect(seen).toMatchObject({ state: 'sent', standing: [{ possibleRepeat: false }] });
        const [unseen] = await live(scenario, false);
        expect(unseen?.standing.length).toBeLessThanOrEqual(priority === 'page' ? 2 : 1);
        if (priority === 'page') expect(unseen?.standing.length).toBeGreaterThanOrEqual(1);
        else if (unseen?.standing.length === 0) expect(unseen.told('unsure')).toBe(true);
      }
    }
  },
);
