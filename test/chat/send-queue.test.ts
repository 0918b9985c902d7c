import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSendLimits } from '../../src/chat/send-limits.ts';
import {
  createSendQueue,
  NotSent,
  RateLimited,
  type SendBudget,
  type SendJob,
  type SendPriority,
  SendTimedOut,
} from '../../src/chat/send-queue.ts';
import { LockstepTime } from '../support/lockstep-time.ts';

type Options = Partial<Parameters<typeof createSendQueue>[0]>;

function setUp(options: Options = {}) {
  const time = new LockstepTime(0);
  const timeline: string[] = [];
  const queue = createSendQueue({ gapMs: () => 1000, now: () => time.now(), wait: time.sleep, ...options });

  /** Takes 100 ms, and is noted as `NAME@SECOND` when it begins. */
  function send(name: string, priority: SendPriority, job: Partial<SendJob<string>> = {}): Promise<string> {
    const work = async (signal: AbortSignal) => {
      timeline.push(`${name}@${time.now() / 1000}`);
      await time.sleep(100, signal);
      return name;
    };
    return queue.run({ channel: 'ops', priority, work, ...job });
  }

  /** Lets everything happen until then. */
  async function passTo(atMs: number): Promise<void> {
    let isThere = false;
    const there = time.sleep(atMs - time.now(), new AbortController().signal).then(() => {
      isThere = true;
    });
    while (!isThere) await time.next(() => true);
    await there;
  }

  /** Turned away so often, then done. */
  function turnedAway(name: string, times: number, limit: Pick<RateLimited, 'retryAfterMs' | 'scope'>) {
    let left = times;
    return async () => {
      timeline.push(`${name}@${time.now() / 1000}`);
      left -= 1;
      if (left >= 0) throw new RateLimited('429', limit);
      return name;
    };
  }

  return { time, timeline, queue, send, passTo, turnedAway };
}

/** What became of it; says at once that nobody has to listen. */
function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}

const forever = () => new Promise<never>(() => undefined);

describe('order', () => {
  test('a page overtakes all that waits in its channel, the rest goes by priority and age', async () => {
    const { timeline, send, passTo } = setUp();
    void send('first', 'edit');
    void send('edit', 'edit');
    void send('digest', 'digest');
    void send('reply 1', 'reply');
    void send('reply 2', 'reply');
    void send('page', 'page');
    await passTo(9000);
    expect(timeline).toEqual(['first@0', 'page@1.1', 'reply 1@2.2', 'reply 2@3.3', 'digest@4.4', 'edit@5.5']);
  });

  test('a channel that hangs holds up no other', async () => {
    const { timeline, send, passTo } = setUp();
    void outcome(send('stuck', 'page', { work: forever }));
    void outcome(send('behind', 'page'));
    void send('elsewhere', 'edit', { channel: 'other' });
    await passTo(5000);
    expect(timeline).toEqual(['elsewhere@0']);
  });

  test('a digest behind endless replies goes once it waited 10 s, but never before a page', async () => {
    const { timeline, send, passTo } = setUp();
    for (let second = 0; second < 14; second += 1) {
      void send(`reply ${second}`, 'reply');
      if (second === 0) void send('digest', 'digest');
      if (second === 10) void send('page', 'page');
      await passTo((second + 1) * 1000);
    }
    expect(timeline.slice(-4)).toEqual(['reply 9@9.9', 'page@11', 'digest@12.1', 'reply 10@13.2']);
  });

  test('without a gap nothing waits, nor makes others wait', async () => {
    const { timeline, send, passTo } = setUp({ gapMs: ({ priority }) => (priority === 'edit' ? 0 : 1000) });
    void send('reply 1', 'reply');
    void send('edit', 'edit');
    void send('reply 2', 'reply');
    await passTo(5000);
    expect(timeline).toEqual(['reply 1@0', 'edit@0.1', 'reply 2@1.1']);
  });
});

describe('budgets', () => {
  test('hold their own priorities over all channels, and the most urgent goes first', async () => {
    const { timeline, send, passTo } = setUp({
      gapMs: () => 0,
      budgets: [{ priorities: ['edit', 'digest'], most: 2, perMs: 8000 }],
    });
    for (const channel of ['a', 'b', 'c']) void send(`edit ${channel}`, 'edit', { channel });
    void send('digest d', 'digest', { channel: 'd' });
    void send('page c', 'page', { channel: 'c' });
    await passTo(14_000);
    expect(timeline).toEqual(['edit a@0', 'edit b@0', 'page c@0', 'digest d@8', 'edit c@8']);
  });
});

describe('429', () => {
  test('keeps its place in its class, and a page goes before it', async () => {
    const { timeline, queue, send, passTo, turnedAway } = setUp();
    const work = turnedAway('reply 1', 1, { retryAfterMs: 3000, scope: 'channel' });
    const first = queue.run({ channel: 'ops', priority: 'reply', work });
    void send('reply 2', 'reply');
    void send('elsewhere', 'reply', { channel: 'other' });
    await passTo(2000);
    void send('page', 'page');
    await passTo(12_000);
    // The gap of the channel has become 2 s, then shrinks with each success.
    expect(timeline).toEqual(['reply 1@0', 'elsewhere@0', 'page@3', 'reply 1@4.7', 'reply 2@5.98']);
    expect(await first).toBe('reply 1');
  });

  test.each([
    ['class', ['edit@0', 'page@0', 'digest@0', 'edit@4', 'edit b@4']],
    ['all', ['edit@0', 'page@4', 'digest@4', 'edit@4', 'edit b@4']],
  ] as const)('of scope %s holds what it names', async (scope, expected) => {
    const { timeline, queue, send, passTo, turnedAway } = setUp();
    const work = turnedAway('edit', 1, { retryAfterMs: 4000, scope });
    void queue.run({ channel: 'a', priority: 'edit', work });
    await passTo(1);
    void send('page', 'page', { channel: 'p' });
    void send('edit b', 'edit', { channel: 'b' });
    void send('digest', 'digest', { channel: 'd' });
    await passTo(9000);
    expect(timeline.map((entry) => entry.replace('.001', '')).toSorted()).toEqual([...expected].toSorted());
  });

  test('of a class holds all priorities of its budget, and nothing else', () => {
    const budgets = [{ priorities: ['digest', 'edit'], most: 50, perMs: 60_000 }] as const;
    const limits = createSendLimits({ gapMs: () => 0, budgets });
    limits.limited({ channel: 'a', priority: 'edit' }, { retryAfterMs: 5000, scope: 'class' }, 0);
    const readyMs = priorities.map((priority) => limits.readyMs({ channel: 'b', priority }, 0));
    expect(readyMs).toEqual([0, 0, 5000, 5000]);
  });

  test('goes to the caller after five tries, and at once where the wait is longer than is left', async () => {
    const { timeline, queue, passTo, turnedAway } = setUp({ gapMs: () => 0 });
    const often = turnedAway('often', 9, { retryAfterMs: 10, scope: 'class' });
    const given = outcome(queue.run({ channel: 'a', priority: 'reply', work: often }));
    await passTo(5000);
    expect(await given).toBeInstanceOf(RateLimited);
    expect(timeline).toHaveLength(5);
    const long = turnedAway('long', 1, { retryAfterMs: 60_000, scope: 'channel' });
    expect(await outcome(queue.run({ channel: 'b', priority: 'page', work: long }))).toMatchObject({
      retryAfterMs: 60_000,
    });
  });

  test('is learned: doubles the gap of the channel up to a minute, and successes take it back to the configured one', () => {
    const slot = { channel: 'ops', priority: 'reply' } as const;
    const limits = createSendLimits({ gapMs: () => 1000, budgets: [] });
    const turnAway = () => limits.limited(slot, { retryAfterMs: 0, scope: 'channel' }, 0);
    turnAway();
    expect(limits.gapMs(slot)).toBe(2000);
    turnAway();
    expect(limits.gapMs(slot)).toBe(4000);
    expect(limits.gapMs({ channel: 'other', priority: 'reply' })).toBe(1000);
    for (let time = 0; time < 20; time += 1) turnAway();
    expect(limits.gapMs(slot)).toBe(60_000);
    const gaps = Array.from({ length: 30 }, () => {
      limits.succeeded(slot, 0);
      return limits.gapMs(slot);
    });
    expect(gaps).toEqual(gaps.toSorted((a, b) => b - a));
    expect(gaps[0]).toBe(48_000);
    expect(gaps.at(-1)).toBe(1000);
  });
});

describe('edits of one message', () => {
  test('that wait become one: the newest is made, all get its result, at the place of the oldest', async () => {
    const { timeline, send, passTo } = setUp();
    void send('busy', 'reply');
    const first = send('edit 1', 'edit', { coalesce: 'card' });
    void send('other edit', 'edit', { coalesce: 'other card' });
    const second = send('edit 2', 'edit', { coalesce: 'card' });
    await passTo(5000);
    expect(timeline).toEqual(['busy@0', 'edit 2@1.1', 'other edit@2.2']);
    expect(await Promise.all([first, second])).toEqual(['edit 2', 'edit 2']);
  });

  test('where one was turned away meanwhile, the newer one goes in its place', async () => {
    const { timeline, queue, send, time, passTo } = setUp();
    const work = async (signal: AbortSignal) => {
      timeline.push('edit 1');
      await time.sleep(100, signal);
      throw new RateLimited('429', { retryAfterMs: 1000, scope: 'class' });
    };
    const first = queue.run({ channel: 'ops', priority: 'edit', coalesce: 'card', work });
    const second = send('edit 2', 'edit', { coalesce: 'card' });
    await passTo(5000);
    expect(timeline).toEqual(['edit 1', 'edit 2@1.1']);
    expect(await Promise.all([first, second])).toEqual(['edit 2', 'edit 2']);
  });
});

describe('bounds', () => {
  test('a full channel refuses its least urgent, newest job, a page last', async () => {
    const { send, passTo } = setUp({ mostWaiting: 3 });
    const sent = [
      send('busy', 'reply'),
      send('edit 1', 'edit'),
      send('edit 2', 'edit'),
      send('reply', 'reply'),
      send('page 1', 'page'),
      send('page 2', 'page'),
      send('page 3', 'page'),
      send('page 4', 'page'),
    ].map(outcome);
    await passTo(10_000);
    const refused = expect.objectContaining({ reason: 'full' });
    expect(await Promise.all(sent)).toEqual([
      ...['busy', refused, refused, refused],
      ...['page 1', 'page 2', 'page 3', refused],
    ]);
  });

  test('work that hangs is let go of after 10 s, what waited 15 s is refused, and the channel goes on', async () => {
    const { timeline, time, send, passTo } = setUp();
    let aborted = false;
    const work = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return forever();
    };
    const stuck = [send('a', 'page', { work }), send('b', 'page', { work }), send('late', 'digest')].map(outcome);
    await passTo(12_000);
    void send('next', 'reply');
    await passTo(23_000);
    const [first, , late] = await Promise.all(stuck);
    expect(first).toBeInstanceOf(SendTimedOut);
    expect(late).toBeInstanceOf(NotSent);
    expect(late).toMatchObject({ reason: 'late' });
    expect([aborted, time.now()]).toEqual([true, 23_000]);
    expect(timeline).toEqual(['next@22']);
  });

  test('stop takes nothing new, rejects what waits, lets what runs finish, and lets go of what hangs', async () => {
    const { queue, send, passTo } = setUp();
    const running = send('running', 'reply');
    const waits = outcome(send('waits', 'page'));
    const stuck = outcome(send('stuck', 'reply', { channel: 'other', work: forever }));
    let stopped = false;
    const stopping = queue.stop().then(() => {
      stopped = true;
    });
    expect(await waits).toMatchObject({ name: 'NotSent', reason: 'stopped' });
    expect(await outcome(send('new', 'page'))).toMatchObject({ name: 'NotSent', reason: 'stopped' });
    await passTo(1400);
    expect([await running, stopped]).toEqual(['running', false]);
    await passTo(1600);
    await stopping;
    expect(await stuck).toBeInstanceOf(SendTimedOut);
  });

  test('what is turned away while stopping goes to its caller at once', async () => {
    const { queue, time, passTo } = setUp();
    const work = async (signal: AbortSignal) => {
      await time.sleep(100, signal);
      throw new RateLimited('429', { retryAfterMs: 500, scope: 'channel' });
    };
    const turned = outcome(queue.run({ channel: 'ops', priority: 'page', work }));
    const stopping = queue.stop();
    await passTo(200);
    await stopping;
    expect(await turned).toBeInstanceOf(RateLimited);
  });
});

const priorities = ['page', 'reply', 'digest', 'edit'] as const;
const anyJob = fc.record({
  afterMs: fc.integer({ min: 0, max: 3000 }),
  channel: fc.constantFrom('a', 'b'),
  priority: fc.constantFrom(...priorities),
  tookMs: fc.integer({ min: 0, max: 4000 }),
  coalesce: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
  fault: fc.option(fc.constantFrom('channel', 'class', 'all', 'broken', 'hangs'), { nil: undefined, freq: 3 }),
});

test('whatever comes: one at a time in a channel, gaps kept, no page passed by, every caller answered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyJob, { minLength: 1, maxLength: 30 }), async (jobs) => {
      const budgets: readonly SendBudget[] = [{ priorities: ['edit'], most: 3, perMs: 20_000 }];
      const { time, queue, passTo } = setUp({ budgets });
      const busy = new Map<string, number>();
      const endedMs = new Map<string, number>();
      const pagesWaiting = new Map<string, number>();
      const count = (map: Map<string, number>, channel: string, by: number) =>
        map.set(channel, (map.get(channel) ?? 0) + by);
      const editsBegan: number[] = [];
      const outcomes: Promise<unknown>[] = [];
      let heldPages = false;

      for (const { afterMs, channel, priority, tookMs, fault, coalesce } of jobs) {
        await passTo(time.now() + afterMs);
        let tries = 0;
        const work = async (signal: AbortSignal) => {
          tries += 1;
          expect(busy.get(channel) ?? 0).toBe(0);
          expect(time.now() - (endedMs.get(channel) ?? -1000)).toBeGreaterThanOrEqual(1000);
          if (priority === 'page') count(pagesWaiting, channel, -1);
          // A 429 of the class of pages holds them, and them alone.
          else if (!heldPages) expect(pagesWaiting.get(channel) ?? 0).toBe(0);
          if (priority === 'edit') editsBegan.push(time.now());
          count(busy, channel, 1);
          try {
            await time.sleep(fault === 'hangs' ? 60_000 : tookMs, signal);
          } finally {
            count(busy, channel, -1);
            endedMs.set(channel, time.now());
          }
          if (fault === 'broken') throw new Error('broken');
          if (fault !== undefined && fault !== 'hangs' && tries === 1) {
            if (priority === 'page') {
              count(pagesWaiting, channel, 1);
              if (fault === 'class') heldPages = true;
            }
            throw new RateLimited('429', { retryAfterMs: 2000, scope: fault });
          }
          return 'done';
        };
        const isPage = priority === 'page';
        if (isPage) count(pagesWaiting, channel, 1);
        const key = isPage || coalesce === undefined ? {} : { coalesce };
        const answered = outcome(queue.run({ channel, priority, work, ...key }));
        // Whatever became of it, a page that was refused waits no more.
        if (isPage) void answered.then((answer) => answer instanceof NotSent && count(pagesWaiting, channel, -1));
        if (isPage) void answered.then((answer) => answer instanceof RateLimited && count(pagesWaiting, channel, -1));
        outcomes.push(answered);
      }
      await passTo(time.now() + 26_000);
      const answers = await Promise.race([Promise.all(outcomes), passTo(time.now() + 1000).then(() => null)]);
      expect(answers).not.toBeNull();
      for (const answer of answers ?? []) {
        if (answer === 'done') continue;
        const isExpected = answer instanceof NotSent || answer instanceof RateLimited || answer instanceof SendTimedOut;
        expect(isExpected || (answer instanceof Error && answer.message === 'broken')).toBe(true);
      }
      for (const [index, atMs] of editsBegan.entries()) {
        const fourth = editsBegan[index + 3];
        if (fourth !== undefined) expect(fourth - atMs).toBeGreaterThanOrEqual(20_000);
      }
    }),
    { numRuns: 60 },
  );
});
