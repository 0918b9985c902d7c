import type { Reply } from '../../src/chat/reply.ts';
import { createOutbox, type NewPost, type Outbox } from '../../src/jobs/outbox.ts';
import type { AdminNotice, ChatSender } from '../../src/ports/chat.ts';
import type { OutboxStore } from '../../src/ports/store.ts';
import { type FakePlatform, fakePlatform } from '../support/fake-sender.ts';
import { LockstepTime } from '../support/lockstep-time.ts';
import { memoryOutbox } from '../support/memory-outbox.ts';
import { recordingLog } from '../support/recording-log.ts';

const START_MS = Date.UTC(2026, 10, 2, 8);

export function reply(headline: string): Reply {
  return { headline, blocks: [], next: [] };
}

export function newPost(key: string, post: Partial<NewPost> = {}): NewPost {
  return {
    ...{ key, platform: 'discord', channel: 'ops', priority: 'digest', reply: reply(`about ${key}`), locale: 'en' },
    ...post,
  };
}

export interface OutboxUnderTest {
  readonly outbox: Outbox;
  readonly store: OutboxStore;
  readonly time: LockstepTime;
  readonly discord: FakePlatform;
  readonly slack: FakePlatform;
  readonly told: AdminNotice[];
  readonly log: ReturnType<typeof recordingLog>;
  /** Lets everything happen in the time given. */
  pass(durationMs: number): Promise<void>;
  /** Keys as they stand on Discord. */
  standing(): string[];
}

/** An outbox over a store in memory and two platforms, with a back-off without chance in it; not started. */
export function outboxUnderTest(changeStore: (store: OutboxStore) => OutboxStore = (store) => store): OutboxUnderTest {
  const time = new LockstepTime(START_MS);
  const store = changeStore(memoryOutbox());
  const [discord, slack] = [fakePlatform('discord'), fakePlatform('slack')];
  const told: AdminNotice[] = [];
  const log = recordingLog();
  const outbox = createOutbox({
    store,
    senders: () => connectedOf([discord, slack]),
    clock: time,
    sleep: time.sleep,
    log,
    random: () => 1,
    tellAdmins: (notice) => {
      told.push(notice);
    },
  });
  return {
    ...{ outbox, store, time, discord, slack, told, log },
    pass: (durationMs) => passTime(time, durationMs),
    standing: () => discord.messages.map(({ key }) => key),
  };
}

function connectedOf(platforms: readonly FakePlatform[]): ChatSender[] {
  return platforms.filter(({ connected }) => connected).map(({ sender }) => sender);
}

async function passTime(time: LockstepTime, durationMs: number): Promise<void> {
  let isOver = false;
  void time.sleep(durationMs, new AbortController().signal).then(() => {
    isOver = true;
  });
  while (!isOver) await time.next(() => true);
}
