import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayStandSinceMs } from '../../src/jobs/outbox-post.ts';
import { backOffMs, outboxRules } from '../../src/jobs/outbox-rules.ts';
import { SendFailure } from '../../src/ports/chat.ts';
import type { OutboxStore } from '../../src/ports/store.ts';
import type { SendFault } from '../support/fake-sender.ts';
import { newPost, type OutboxUnderTest, outboxUnderTest, reply } from './outbox-setup.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** When each send of this key began, in seconds after the first. */
function recordSends({ discord, time }: OutboxUnderTest): () => number[] {
  const begun: number[] = [];
  const { push } = discord.begun;
  discord.begun.push = (...items) => {
    begun.push(time.now());
    return push.apply(discord.begun, items);
  };
  return () => begun.map((atMs) => (atMs - (begun[0] ?? 0)) / 1000);
}

describe('posting', () => {
  test('is on the disk before it resolves, and a key that is known is the same post', async () => {
    const { outbox, store, standing, pass } = outboxUnderTest();
    expect(await outbox.post(newPost('digest-1'))).toBe(true);
    expect(await store.entry('digest-1')).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(await outbox.post(newPost('digest-1', { reply: reply('something else') }))).toBe(false);
    outbox.start();
    await pass(1000);
    expect(standing()).toEqual(['digest-1']);
    expect(await outbox.post(newPost('digest-1'))).toBe(false);
    await pass(MINUTE_MS);
    expect(standing()).toEqual(['digest-1']);
    const entry = await store.entry('digest-1');
    expect(entry).toMatchObject({ state: 'sent', attempts: 1, receipt: '{"channel":"ops","message":"1"}' });
  });

  test('is `sending` on the disk before the platform hears of it', async () => {
    const { outbox, store, discord, pass } = outboxUnderTest();
    discord.hanging.add('ops');
    outbox.start();
    await outbox.post(newPost('page-1', { priority: 'page' }));
    await pass(1000);
    expect(discord.begun).toEqual([{ key: 'page-1', priority: 'page' }]);
    expect(await store.entry('page-1')).toMatchObject({ state: 'sending', attempts: 1 });
  });

  test('for later waits until then', async () => {
    const { outbox, time, standing, pass } = outboxUnderTest();
    outbox.start();
    await outbox.post(newPost('later', { notBeforeMs: time.now() + 10 * MINUTE_MS }));
    await pass(10 * MINUTE_MS - 1);
    expect(standing()).toEqual([]);
    await pass(2);
    expect(standing()).toEqual(['later']);
  });
});

describe('what is not sent', () => {
  test.each([
    ['page', [0, 1, 3, 7, 15, 31, 61, 91, 121]],
    ['digest', [0, 1, 3, 7, 15, 31, 63, 127, 255]],
  ] as const)('a %s is tried again, less and less often', async (priority, expected) => {
    const under = outboxUnderTest();
    const sends = recordSends(under);
    under.discord.sendFaults.push(...Array<SendFault>(8).fill('not sent'));
    under.outbox.start();
    await under.outbox.post(newPost('late', { priority }));
    await under.pass(HOUR_MS);
    expect(sends()).toEqual(expected);
    expect(under.standing()).toEqual(['late']);
  });

  test('is tried again when the platform says', async () => {
    const under = outboxUnderTest();
    const sends = recordSends(under);
    under.discord.sendFaults.push(new SendFailure('not sent', '429', { retryAfterMs: 90_000 }));
    under.outbox.start();
    await under.outbox.post(newPost('late', { priority: 'page' }));
    await under.pass(HOUR_MS);
    expect(sends()).toEqual([0, 90]);
  });

  test('back-off: whole ms, at least half of the doubled second, at most the rule, never less than asked for', () => {
    const anyCase = [
      fc.constantFrom('page', 'digest'),
      fc.integer({ min: 1, max: 2000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
    ] as const;
    fc.assert(
      fc.property(...anyCase, (priority, failures, chance) => {
        const most = outboxRules[priority].mostBackOffMs;
        const wait = backOffMs(priority, failures, null, () => chance);
        expect(Number.isSafeInteger(wait)).toBe(true);
        expect(wait).toBeLessThanOrEqual(most);
        expect(wait).toBeGreaterThanOrEqual(Math.min(most, 2 ** (failures - 1) * 1000) / 2);
        expect(backOffMs(priority, failures, most + 1, () => chance)).toBe(most + 1);
      }),
    );
  });
});

test('what is refused has failed: the admins are told once, and it is not tried again', async () => {
  const { outbox, store, discord, told, log, pass } = outboxUnderTest();
  discord.refusing.add('gone');
  outbox.start();
  await outbox.post(newPost('digest-1', { channel: 'gone' }));
  await outbox.post(newPost('notice-1', { channel: 'gone' }));
  await pass(HOUR_MS);
  expect(discord.begun).toHaveLength(2);
  expect(await store.entry('digest-1')).toMatchObject({ state: 'failed', error: 'no such channel' });
  expect(told.map(({ key }) => key)).toEqual(['outbox failed digest-1', 'outbox failed notice-1']);
  expect(told[0]?.text).toBe(
    'A digest for channel gone was not posted and will not be tried again. no such channel. It says: about digest-1',
  );
  expect(log.lines).toContain('error: outbox: a post is given up');
});

test('that the admins cannot be told is not told to the admins', async () => {
  const { outbox, store, discord, told, log, pass } = outboxUnderTest();
  discord.refusing.add('admins');
  outbox.start();
  await outbox.post(newPost('notice', { channel: 'admins', priority: 'reply' }));
  await pass(MINUTE_MS);
  expect(await store.entry('notice')).toMatchObject({ state: 'failed' });
  expect([told, log.lines.includes('error: outbox: a post is given up')]).toEqual([[], true]);
});

describe('a lost answer', () => {
  const once = [{ possibleRepeat: false }];
  const again = [{ possibleRepeat: true }];
  test.each([
    ['page', 'readable', 'lost but done', { stands: once, state: 'sent', told: 0 }],
    ['page', 'readable', 'lost', { stands: once, state: 'sent', told: 0 }],
    ['page', 'readable', 'hangs', { stands: once, state: 'sent', told: 0 }],
    ['page', 'unreadable', 'lost but done', { stands: [...once, ...again], state: 'sent', told: 0 }],
    ['page', 'unreadable', 'lost', { stands: again, state: 'sent', told: 0 }],
    ['page', 'unreadable', 'hangs', { stands: again, state: 'sent', told: 0 }],
    ['digest', 'readable', 'lost but done', { stands: once, state: 'sent', told: 0 }],
    ['digest', 'readable', 'lost', { stands: once, state: 'sent', told: 0 }],
    ['digest', 'unreadable', 'lost but done', { stands: once, state: 'unsure', told: 1 }],
    ['digest', 'unreadable', 'lost', { stands: [], state: 'unsure', told: 1 }],
    ['reply', 'unreadable', 'lost', { stands: [], state: 'unsure', told: 1 }],
  ] as const)('of a %s, history %s, %s', async (priority, history, fault, expected) => {
    const { outbox, store, discord, told, pass } = outboxUnderTest();
    discord.readable = history === 'readable';
    discord.sendFaults.push(fault);
    outbox.start();
    await outbox.post(newPost('post-1', { priority }));
    await pass(2 * MINUTE_MS);
    expect(discord.messages).toMatchObject(expected.stands);
    expect(discord.messages).toHaveLength(expected.stands.length);
    expect(await store.entry('post-1')).toMatchObject({ state: expected.state });
    expect(told).toHaveLength(expected.told);
  });

  test('an outage of the history is waited for, and cuts short what a page waits', async () => {
    const { outbox, store, discord, told, pass } = outboxUnderTest();
    discord.sendFaults.push('lost but done', 'lost but done');
    discord.findFaults.push(...Array<SendFault>(20).fill('not sent'));
    outbox.start();
    await outbox.post(newPost('digest-1'));
    await outbox.post(newPost('page-1', { priority: 'page', channel: 'other' }));
    await pass(MINUTE_MS);
    expect(discord.messages.filter(({ key }) => key === 'page-1')).toMatchObject([...once, ...again]);
    expect(await store.entry('digest-1')).toMatchObject({ state: 'sending' });
    await pass(2 * HOUR_MS);
    expect(await store.entry('digest-1')).toMatchObject({ state: 'sent' });
    expect(discord.messages.filter(({ key }) => key === 'digest-1')).toMatchObject(once);
    expect(told).toEqual([]);
  });

  test('a history that may not be read cannot be looked at, and a page waits for none for long', async () => {
    const { outbox, store, discord, pass } = outboxUnderTest();
    discord.sendFaults.push('lost but done');
    discord.findFaults.push('refused', new SendFailure('not sent', '429', { retryAfterMs: 60_000 }));
    outbox.start();
    await outbox.post(newPost('digest-1'));
    await pass(10_000);
    expect(await store.entry('digest-1')).toMatchObject({ state: 'unsure' });
    discord.sendFaults.push('lost but done');
    await outbox.post(newPost('page-1', { priority: 'page' }));
    await pass(10_000);
    expect(discord.messages.filter(({ key }) => key === 'page-1')).toMatchObject([...once, ...again]);
  });

  test('is looked for since it was sent, after several attempts since it was created', () => {
    const [createdMs, sendingMs] = [10_000_000, 20_000_000];
    expect(mayStandSinceMs({ attempts: 1, createdMs, sendingMs })).toBe(sendingMs - 2 * MINUTE_MS);
    expect(mayStandSinceMs({ attempts: 2, createdMs, sendingMs })).toBe(createdMs - 2 * MINUTE_MS);
  });

  test('time and again: a page is said six times at most, then the admins are asked', async () => {
    const { outbox, store, discord, told, pass } = outboxUnderTest();
    discord.readable = false;
    discord.sendFaults.push(...Array<SendFault>(30).fill('lost but done'));
    // A failure in between does not make it forget what may stand there.
    discord.sendFaults.splice(2, 0, 'not sent');
    outbox.start();
    await outbox.post(newPost('page-1', { priority: 'page' }));
    await pass(HOUR_MS);
    expect(discord.messages.map(({ possibleRepeat }) => possibleRepeat)).toEqual([false, ...Array(5).fill(true)]);
    const entry = await store.entry('page-1');
    expect(entry?.error).toBe(
      'may have been posted 6 times already; the connection broke; cannot look: the history may not be read',
    );
    expect(told.map(({ key }) => key)).toEqual(['outbox unsure page-1']);
  });
});

describe('what waits for what', () => {
  test('a page waits for nothing else in its channel, whatever waits or hangs there', async () => {
    const { outbox, discord, standing, pass } = outboxUnderTest();
    discord.sendFaults.push('hangs');
    outbox.start();
    for (let digest = 0; digest < 5; digest += 1) await outbox.post(newPost(`digest-${digest}`));
    await pass(1000);
    expect(discord.begun).toHaveLength(1);
    await outbox.post(newPost('page-1', { priority: 'page' }));
    await outbox.post(newPost('page-2', { priority: 'page' }));
    await pass(1000);
    expect(standing()).toEqual(['page-1', 'page-2']);
    await pass(MINUTE_MS);
    expect(standing().slice(2).toSorted()).toEqual(['digest-0', 'digest-1', 'digest-2', 'digest-3', 'digest-4']);
  });

  test('pages go first, then replies, digests, edits', async () => {
    const { outbox, standing, pass } = outboxUnderTest();
    for (const priority of ['edit', 'digest', 'reply', 'page'] as const)
      await outbox.post(newPost(priority, { priority }));
    outbox.start();
    await pass(1000);
    expect(standing()).toEqual(['page', 'reply', 'digest', 'edit']);
  });

  test('channels that hang hold up no other channel, no page and no other platform', async () => {
    const { outbox, discord, slack, standing, pass } = outboxUnderTest();
    outbox.start();
    for (let channel = 0; channel < 20; channel += 1) {
      if (channel !== 7) discord.hanging.add(`channel-${channel}`);
      await outbox.post(newPost(`digest-${channel}`, { channel: `channel-${channel}` }));
    }
    await pass(1000);
    // Twelve are in flight at a time; the one that does not hang made room at once.
    expect([standing(), discord.begun.length]).toEqual([['digest-7'], 13]);
    await outbox.post(newPost('page', { priority: 'page', channel: 'fine' }));
    await outbox.post(newPost('elsewhere', { platform: 'slack' }));
    await pass(1000);
    expect([standing(), slack.messages.length]).toEqual([['digest-7', 'page'], 1]);
    await outbox.post(newPost('digest', { channel: 'fine' }));
    await pass(31_000);
    expect(standing()).toEqual(['digest-7', 'page', 'digest']);
  });

  test('what is for a platform that is not connected waits, and holds up nobody', async () => {
    const { outbox, discord, slack, standing, pass } = outboxUnderTest();
    slack.connected = false;
    for (let post = 0; post < 250; post += 1) {
      await outbox.post(newPost(`slack-${post}`, { platform: 'slack', priority: 'page', channel: `${post}` }));
    }
    await outbox.post(newPost('last', { priority: 'edit' }));
    outbox.start();
    await pass(MINUTE_MS);
    expect([standing(), discord.begun.length, slack.begun.length]).toEqual([['last'], 1, 0]);
    slack.connected = true;
    await pass(3000);
    expect(slack.messages).toHaveLength(250);
  });
});

test.each([
  ['page', 24 * HOUR_MS],
  ['reply', 15 * MINUTE_MS],
  ['digest', 24 * HOUR_MS],
  ['edit', HOUR_MS],
] as const)('a %s that nobody could send in time is given up, aloud', async (priority, giveUpMs) => {
  const { outbox, store, discord, time, told, standing, pass } = outboxUnderTest();
  discord.connected = false;
  outbox.start();
  await outbox.post(newPost('old', { priority }));
  await outbox.post(newPost('for-later', { priority, notBeforeMs: time.now() + 2 * HOUR_MS }));
  time.jump(time.now() + giveUpMs - 2 * MINUTE_MS);
  await pass(MINUTE_MS);
  expect(await store.entry('old')).toMatchObject({ state: 'waiting' });
  await pass(2 * MINUTE_MS);
  expect(await store.entry('old')).toMatchObject({ state: 'failed' });
  expect(told.map(({ key }) => key)).toEqual(['outbox failed old']);
  expect(told[0]?.text).toContain('the platform was not connected');
  // Its age counts from when it was wanted.
  discord.connected = true;
  await pass(3 * HOUR_MS);
  expect(standing()).toEqual(['for-later']);
});

test('what nobody can read any more has failed, aloud', async () => {
  const { outbox, store, time, told, pass } = outboxUnderTest();
  const { platform, channel, priority } = newPost('broken');
  const times = { createdMs: time.now(), notBeforeMs: time.now() };
  await store.add({ key: 'broken', platform, channel, priority, payload: '{"reply":', ...times });
  outbox.start();
  await pass(1000);
  expect(await store.entry('broken')).toMatchObject({ state: 'failed' });
  expect(told).toHaveLength(1);
});

test.each(['begin', 'begin after it was written', 'end', 'due'] as const)(
  'a store that fails for a while at %s: said once, and written in the end',
  async (where) => {
    let failures = 3;
    const failing = (store: OutboxStore): OutboxStore => {
      const fail = () => {
        failures -= 1;
        if (failures >= 0) throw new Error('store is away');
      };
      return {
        ...store,
        due: async (...asked) => {
          if (where === 'due') fail();
          return store.due(...asked);
        },
        begin: async (...asked) => {
          if (where === 'begin') fail();
          const began = await store.begin(...asked);
          if (where === 'begin after it was written') fail();
          return began;
        },
        end: async (...asked) => {
          if (where === 'end') fail();
          return store.end(...asked);
        },
      };
    };
    const { outbox, store, told, standing, pass } = outboxUnderTest(failing);
    outbox.start();
    await outbox.post(newPost('digest-1'));
    await pass(MINUTE_MS);
    expect([standing(), failures < 0, told]).toEqual([['digest-1'], true, []]);
    expect(await store.entry('digest-1')).toMatchObject({ state: 'sent' });
  },
);

test('what the store said before something happened is not taken for what is', async () => {
  const held: (() => void)[] = [];
  const slow = (store: OutboxStore): OutboxStore => ({
    ...store,
    due: async (...asked) => {
      const due = await store.due(...asked);
      if (due.length > 1) await new Promise<void>((resolve) => held.push(resolve));
      return due;
    },
    begin: (...asked) =>
      new Promise((resolve) => {
        held.push(() => resolve(store.begin(...asked)));
      }),
  });
  const { outbox, discord, pass } = outboxUnderTest(slow);
  discord.sendFaults.push(new SendFailure('not sent', '429', { retryAfterMs: HOUR_MS }));
  outbox.start();
  await outbox.post(newPost('digest-1'));
  await pass(100);
  const [begin] = held.splice(0);
  await outbox.post(newPost('digest-2'));
  await pass(100);
  const [answer] = held.splice(0);
  begin?.();
  await pass(100);
  answer?.();
  for (let turn = 0; turn < 10; turn += 1) {
    await pass(1000);
    for (const release of held.splice(0)) release();
  }
  expect(discord.begun.map(({ key }) => key)).toEqual(['digest-1', 'digest-2']);
});

describe('stop', () => {
  test('begins nothing new, waits for what is being sent, and leaves the rest', async () => {
    const { outbox, store, discord, time, pass } = outboxUnderTest();
    const { send } = discord.sender;
    Object.assign(discord.sender, {
      send: async (...asked: Parameters<typeof send>) => {
        await time.sleep(1000, new AbortController().signal);
        return send(...asked);
      },
    });
    outbox.start();
    await outbox.post(newPost('digest-1'));
    await outbox.post(newPost('digest-2'));
    await pass(100);
    let isStopped = false;
    const stopping = outbox.stop().then(() => {
      isStopped = true;
    });
    await pass(800);
    expect(isStopped).toBe(false);
    await pass(200);
    await stopping;
    await outbox.post(newPost('digest-3'));
    await pass(HOUR_MS);
    const states = await Promise.all(
      ['digest-1', 'digest-2', 'digest-3'].map(async (key) => (await store.entry(key))?.state),
    );
    expect(states).toEqual(['sent', 'waiting', 'waiting']);
  });

  test('does not wait long for what hangs', async () => {
    const { outbox, store, discord, pass } = outboxUnderTest();
    discord.hanging.add('ops');
    outbox.start();
    await outbox.post(newPost('digest-1'));
    await pass(100);
    const stopping = outbox.stop();
    await pass(2100);
    await stopping;
    expect(await store.entry('digest-1')).toMatchObject({ state: 'sending' });
  });
});

test('status says what waits and for how long, and what was lost', async () => {
  const { outbox, discord, time, pass } = outboxUnderTest();
  expect(await outbox.status()).toEqual({ waiting: 0, sending: 0, failed: 0, unsure: 0, oldestWaitingMs: null });
  outbox.start();
  discord.refusing.add('gone');
  discord.hanging.add('hangs');
  await outbox.post(newPost('refused', { channel: 'gone' }));
  await outbox.post(newPost('hanging', { channel: 'hangs' }));
  await outbox.post(newPost('for-later', { notBeforeMs: time.now() + HOUR_MS }));
  await pass(1000);
  expect(await outbox.status()).toEqual({ waiting: 1, sending: 1, failed: 1, unsure: 0, oldestWaitingMs: null });
  discord.connected = false;
  await outbox.post(newPost('waits'));
  await pass(5000);
  expect(await outbox.status()).toMatchObject({ waiting: 2, oldestWaitingMs: 5000 });
});

test('tidy forgets what ended 14 days ago, all of it, and nothing else', async () => {
  const { outbox, store, time, pass } = outboxUnderTest();
  outbox.start();
  for (let post = 0; post < 1100; post += 1) await outbox.post(newPost(`old-${post}`, { channel: `${post % 16}` }));
  await pass(MINUTE_MS);
  time.jump(time.now() + 14 * 24 * HOUR_MS);
  await outbox.post(newPost('young'));
  await pass(MINUTE_MS);
  await outbox.tidy();
  expect((await store.inState('sent', 2000)).map(({ key }) => key)).toEqual(['young']);
});
