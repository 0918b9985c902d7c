import type { ChatSender } from '../ports/chat.ts';
import type { OutboxEntry, OutboxStore } from '../ports/store.ts';
import { createDelivery, type DeliveryOptions, type Doubt } from './outbox-delivery.ts';
import { createOutboxEdits, type EditResult } from './outbox-edits.ts';
import { createOutboxLanes } from './outbox-lanes.ts';
import { ageMs, type NewPost, newEntry } from './outbox-post.ts';
import { outboxRules } from './outbox-rules.ts';
import { systemSleep } from './time-limit.ts';

export type { EditResult } from './outbox-edits.ts';
export type { NewPost } from './outbox-post.ts';

const DAY_MS = 86_400_000;
const KEEP_MS = 14 * DAY_MS;
const FORGET_AT_ONCE = 500;
const MOST_SLICES = 20;

const FIRST_WINDOW = 100;
const MOST_WINDOW = 1_600;
/** Per platform: more that nobody knows the fate of, and nothing new is begun until some of it is cleared up. */
const MOST_DOUBTS = 200;
const MOST_DOUBTS_BEFORE_PAGE = 400;
const MOST_RECOVERED = 1_000;
const MOST_COUNTED = 200;

/** Between looks at what waits for a platform to come back, and far down a long queue. */
const POLL_MS = 2_000;
const MOST_PAUSE_MS = 60_000;
const STOP_LIMIT_MS = 2_000;

export interface OutboxStatus {
  /** Each count ends at 200: there may be more. */
  readonly waiting: number;
  readonly sending: number;
  readonly failed: number;
  readonly unsure: number;
  /** Of what should have been sent by now; null where nothing is late. */
  readonly oldestWaitingMs: number | null;
}

export interface Outbox {
  /** Resolves when the post cannot get lost any more; false where its key was known: it is left as it is. */
  post(post: NewPost): Promise<boolean>;
  /** Gives an earlier post a new reply; the newest wins. Not durable: what was not made before a crash is to be asked for again. */
  edit(key: string, reply: NewPost['reply']): Promise<EditResult>;
  /** Clears up what an earlier process left in the middle, and sends what is due. */
  start(): void;
  /** Begins nothing new and waits for what is being sent, at most 2 s; the rest waits for the next start. */
  stop(): Promise<void>;
  status(): Promise<OutboxStatus>;
  /** Forgets what ended more than 14 days ago, in slices. Once a key is forgotten, posting it again says it again. */
  tidy(): Promise<void>;
}

/**
 * Posts that must arrive. Each is on the disk before `post` resolves, and `sending` on the disk before each attempt. Where
 * the answer is lost (or the process died), the channel is looked at before anything is said again.
 *
 * Where the platform's history can be read, everything stands exactly once, but for two windows in which it stands twice: a
 * message that becomes visible only more than 2 s after its answer was lost, and one that its sender still delivers after
 * 30 s. A page waits for an outage of the history three looks long, then counts as one that nobody can look for.
 *
 * Where it cannot be read: a page whose answer was lost, or that was being sent when the process died, is said again and
 * marked as a possible repeat, five times at most. Anything else is not said again: it may be missing, and the admins are
 * told. What the platform refuses, and what grew too old (`outboxRules`), is given up: failed, logged, and the admins are
 * told (but of a message to the admins, which is only logged).
 *
 * Pages go first and never wait for what else waits in their channel. Posts of one channel keep their order as long as
 * none fails.
 */
export function createOutbox(
  options: Omit<DeliveryOptions, 'stopping' | 'sleep' | 'random'> &
    Partial<Pick<DeliveryOptions, 'sleep' | 'random'>> & {
      /** Those that there are now; what is for others waits. */
      readonly senders: () => readonly ChatSender[];
    },
): Outbox {
  const { store, clock, log, senders, sleep = systemSleep, random = Math.random } = options;
  const stopping = new AbortController();
  const common = { ...options, sleep, random, stopping: stopping.signal };
  const delivery = createDelivery(common);
  const edits = createOutboxEdits({ ...common, senderOf });
  const doubts = new Map<string, Doubt>();
  /** Keys of work that ended since the store was last read: what was read of them may be out of date. */
  const endedMeanwhile = new Set<string>();
  const lanes = createOutboxLanes((key) => {
    endedMeanwhile.add(key);
    wake.abort();
  });
  let wake = new AbortController();
  let lookedFarMs = -Infinity;
  let recovered = false;
  let loop: Promise<void> | null = null;

  function senderOf(platform: string): ChatSender | null {
    return senders().find((sender) => sender.platform === platform) ?? null;
  }

  function isTooOld(entry: OutboxEntry, nowMs: number): boolean {
    const { giveUpMs } = outboxRules[entry.priority];
    // Nothing is wanted before it was created: most need not be parsed.
    return nowMs - entry.createdMs > giveUpMs && ageMs(entry, nowMs) > giveUpMs;
  }

  function beginSend(entry: OutboxEntry, nowMs: number): void {
    if (endedMeanwhile.has(entry.key) || !lanes.mayBegin(entry, 'send')) return;
    if (isTooOld(entry, nowMs)) {
      lanes.begin(entry, 'send', () => delivery.giveUp(entry));
      return;
    }
    const sender = senderOf(entry.platform);
    if (sender === null || hasTooManyDoubts(entry)) return;
    lanes.begin(entry, 'send', async () => remember(entry.key, await delivery.deliver(entry, sender)));
  }

  function beginLook(doubt: Doubt, nowMs: number): void {
    const { entry } = doubt;
    if (doubt.lookAtMs > nowMs || !lanes.mayBegin(entry, 'look')) return;
    if (isTooOld(entry, nowMs)) {
      lanes.begin(entry, 'look', async () => remember(entry.key, await delivery.giveUpLooking(doubt).then(() => null)));
      return;
    }
    const sender = senderOf(entry.platform);
    if (sender === null) return;
    lanes.begin(entry, 'look', async () => remember(entry.key, await delivery.clearUp(doubt, sender)));
  }

  function remember(key: string, doubt: Doubt | null): void {
    if (doubt === null) doubts.delete(key);
    else doubts.set(key, doubt);
  }

  function hasTooManyDoubts({ platform, priority }: OutboxEntry): boolean {
    const count = [...doubts.values()].filter(({ entry }) => entry.platform === platform).length;
    return count >= (priority === 'page' ? MOST_DOUBTS_BEFORE_PAGE : MOST_DOUBTS);
  }

  /** Looks further, now and then, where the first that are due cannot be sent and others could. */
  async function beginDue(nowMs: number): Promise<void> {
    for (let window = FIRST_WINDOW; ; window *= 4) {
      endedMeanwhile.clear();
      const due = await store.due(nowMs, window);
      if (stopping.signal.aborted) return;
      for (const entry of due) beginSend(entry, nowMs);
      if (due.length < window || window >= MOST_WINDOW) return;
      if (!senders().some(({ platform }) => lanes.hasRoom(platform))) return;
      if (window === FIRST_WINDOW && nowMs - lookedFarMs < POLL_MS) return;
      lookedFarMs = nowMs;
    }
  }

  async function recover(): Promise<void> {
    const left = await store.inState('sending', MOST_RECOVERED);
    for (const entry of left) {
      doubts.set(entry.key, delivery.doubtOf(entry, 'the process ended while it was being sent'));
    }
    if (left.length > 0) log.warn({ posts: left.length }, 'outbox: posts were being sent when the process ended');
    recovered = true;
  }

  /** Begins what may begin. Returns for how long nothing changes by itself. */
  async function turn(): Promise<number> {
    if (!recovered) await recover();
    const nowMs = clock.now();
    for (const doubt of doubts.values()) beginLook(doubt, nowMs);
    await beginDue(nowMs);
    const nextMs = [await store.nextDueMs(), ...[...doubts.values()].map(({ lookAtMs }) => lookAtMs)];
    const pauses = nextMs.map((atMs) => {
      if (atMs === null) return MOST_PAUSE_MS;
      // What is due and did not begin waits for its lane, whose end wakes us, or for its platform.
      return atMs <= nowMs ? POLL_MS : atMs - clock.now();
    });
    return Math.max(0, Math.min(MOST_PAUSE_MS, ...pauses));
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      wake = new AbortController();
      let pauseMs = POLL_MS;
      try {
        pauseMs = await turn();
      } catch (err) {
        log.warn({ err }, 'outbox: the store does not answer');
      }
      await sleep(pauseMs, AbortSignal.any([wake.signal, stopping.signal])).catch(() => undefined);
    }
  }

  return {
    async post(post) {
      const isNew = await store.add(newEntry(post, clock.now()));
      wake.abort();
      return isNew;
    },
    edit: (key, reply) => edits.edit(key, reply),
    start() {
      loop ??= run();
    },
    async stop() {
      stopping.abort();
      const ended = (async () => {
        await loop;
        await Promise.all([lanes.ended(), edits.ended()]);
      })();
      const done = new AbortController();
      await Promise.race([ended, sleep(STOP_LIMIT_MS, done.signal).catch(() => undefined)]);
      done.abort();
    },
    status: () => statusOf(store, clock.now()),
    async tidy() {
      const beforeMs = clock.now() - KEEP_MS;
      for (let slice = 0; slice < MOST_SLICES; slice += 1) {
        if ((await store.forget(beforeMs, FORGET_AT_ONCE)) < FORGET_AT_ONCE) return;
      }
    },
  };
}

async function statusOf(store: OutboxStore, nowMs: number): Promise<OutboxStatus> {
  const [waiting, sending, failed, unsure] = await Promise.all([
    store.inState('waiting', MOST_COUNTED),
    store.inState('sending', MOST_COUNTED),
    store.inState('failed', MOST_COUNTED),
    store.inState('unsure', MOST_COUNTED),
  ]);
  const late = waiting.map((entry) => ageMs(entry, nowMs)).filter((age) => age > 0);
  return {
    waiting: waiting.length,
    sending: sending.length,
    failed: failed.length,
    unsure: unsure.length,
    oldestWaitingMs: late.length === 0 ? null : Math.max(...late),
  };
}
