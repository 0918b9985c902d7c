import { createOutbox, type NewPost, type Outbox } from '../../src/jobs/outbox.ts';
import type { Sleep } from '../../src/jobs/time-limit.ts';
import type { AdminNotice, ChatSender } from '../../src/ports/chat.ts';
import type { OutboxStore } from '../../src/ports/store.ts';
import type { FakePlatform } from '../support/fake-sender.ts';
import type { LockstepTime } from '../support/lockstep-time.ts';
import { recordingLog } from '../support/recording-log.ts';

/** A process dies at its so many-th call to the outside, before or after that is done; null never dies. */
export type Death = { readonly call: number; readonly when: 'before' | 'after' } | null;

interface Life {
  isOver(): boolean;
  /** Never settles in a process that is dead. */
  call<T>(work: () => T | Promise<T>): Promise<T>;
}

function createLife(death: Death): Life {
  let calls = 0;
  let isOver = false;
  const forever = new Promise<never>(() => undefined);
  return {
    isOver: () => isOver,
    async call(work) {
      if (isOver) return forever;
      calls += 1;
      const isLast = calls === death?.call;
      if (isLast && death?.when === 'before') {
        isOver = true;
        return forever;
      }
      try {
        return await work();
      } finally {
        if (isLast) isOver = true;
        if (isOver) await forever;
      }
    },
  };
}

function storeOf(life: Life, store: OutboxStore): OutboxStore {
  return {
    add: (entry) => life.call(() => store.add(entry)),
    due: (nowMs, limit) => life.call(() => store.due(nowMs, limit)),
    nextDueMs: () => life.call(() => store.nextDueMs()),
    begin: (key, nowMs) => life.call(() => store.begin(key, nowMs)),
    end: (key, result) => life.call(() => store.end(key, result)),
    entry: (key) => life.call(() => store.entry(key)),
    inState: (state, limit) => life.call(() => store.inState(state, limit)),
    forget: (endedBeforeMs, limit) => life.call(() => store.forget(endedBeforeMs, limit)),
  };
}

function senderOf(life: Life, sender: ChatSender): ChatSender {
  return {
    platform: sender.platform,
    send: (post, priority) => life.call(() => sender.send(post, priority)),
    edit: (receipt, post) => life.call(() => sender.edit(receipt, post)),
    find: (sought) => life.call(() => sender.find(sought)),
  };
}

export interface Lives {
  readonly told: AdminNotice[];
  /** Lives one life after the other until nothing is left to be done. @throws where that takes too long. */
  live(posts: readonly NewPost[], deaths: readonly Death[]): Promise<void>;
}

/** One store, one platform and one process after the other; who posts does it again where a process died before it said so. */
export function outboxLives(store: OutboxStore, platform: FakePlatform, time: LockstepTime): Lives {
  const told: AdminNotice[] = [];
  const accepted = new Set<string>();

  function outboxOf(life: Life): Outbox {
    const sleep: Sleep = (durationMs, signal) => life.call(() => time.sleep(durationMs, signal));
    return createOutbox({
      ...{ store: storeOf(life, store), clock: time, sleep, log: recordingLog(), random: () => 1 },
      senders: () => [senderOf(life, platform.sender)],
      tellAdmins: (notice) =>
        life.call(() => {
          told.push(notice);
        }),
    });
  }

  async function isDone(posts: readonly NewPost[]): Promise<boolean> {
    if (posts.some(({ key }) => !accepted.has(key))) return false;
    const open = [...(await store.inState('waiting', 1)), ...(await store.inState('sending', 1))];
    return open.length === 0;
  }

  async function liveOnce(posts: readonly NewPost[], death: Death): Promise<void> {
    const life = createLife(death);
    const outbox = outboxOf(life);
    outbox.start();
    for (const post of posts) {
      if (!accepted.has(post.key)) void outbox.post(post).then(() => accepted.add(post.key));
    }
    for (let step = 0; !life.isOver(); step += 1) {
      if (step > 2000) throw new Error('the outbox does not come to an end');
      if (await isDone(posts)) return;
      // Somebody always sleeps, also where the process died at once.
      void time.sleep(60_000, new AbortController().signal);
      await time.next(() => true);
    }
    time.passAlone(3000);
  }

  return {
    told,
    async live(posts, deaths) {
      for (const death of [...deaths, null]) await liveOnce(posts, death);
    },
  };
}
