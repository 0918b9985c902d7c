import { setTimeout as wait } from 'node:timers/promises';
import { type Client, Events } from 'discord.js';
import { createSendQueue } from '../../src/chat/send-queue.ts';
import type { PlatformSettings } from '../../src/domain/chat-settings.ts';
import type { ChatAdapter, ChatHost, ChatSender } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ImageRenderer } from '../../src/ports/image.ts';
import type { Log } from '../../src/ports/log.ts';
import { Answering } from './answering.ts';
import { DiscordApi } from './api.ts';
import { ApplicationFacts } from './application.ts';
import { defineCommands } from './commands-definition.ts';
import { createCompose } from './compose.ts';
import { Gateway } from './gateway.ts';
import { mayReadHistory } from './history.ts';
import { createInteractions } from './interactions.ts';
import { createMentions } from './mentions.ts';
import { type Pace, usualPace } from './pace.ts';
import { Presence } from './presence.ts';
import { Registration } from './registration.ts';
import { DiscordSender } from './sender.ts';
import { settledWithin } from './settled-within.ts';

export interface DiscordAdapterOptions {
  readonly token: string;
  /** Null for the real one. */
  readonly apiUrl: string | null;
  readonly host: ChatHost;
  readonly image: ImageRenderer;
  readonly settings: PlatformSettings;
  readonly log: Log;
  readonly clock: Clock;
  /** Whether the farm is the simulated one: every message says so. */
  readonly demo: boolean;
  readonly pace?: Partial<Pace>;
}

/** Questions that are being answered; beyond them none is heard. */
const MOST_RUNNING = 2_000;

export interface DiscordAdapter extends ChatAdapter {
  readonly sender: ChatSender;
  /** `connected`, or why not, in words for an operator. */
  detail(): string;
}

/**
 * Answers on Discord: `/fleet`, mentions, direct messages, buttons, selects and forms; and posts. `start` settles before
 * there is a session: while Discord is away it goes on connecting.
 */
export function createDiscordAdapter(options: DiscordAdapterOptions): DiscordAdapter {
  const { token, apiUrl, host, settings, log, clock } = options;
  const pace: Pace = { ...usualPace, ...options.pace };
  const ended = new AbortController();
  const { signal } = ended;
  const { requestLimitMs, hopelessRetryMs: refusalMs } = pace;
  const api = new DiscordApi({ token, url: apiUrl, requestLimitMs, refusalMs, clock, log, signal });
  const application = new ApplicationFacts(api);
  const queue = createSendQueue({
    // discord.js counts what each channel has left and says so before Discord does.
    gapMs: () => 0,
    now: () => clock.now(),
    wait: (durationMs, ends) => wait(durationMs, undefined, { signal: ends }),
  });
  const compose = createCompose(options);
  const gateway = new Gateway({ token, url: apiUrl, pace, clock, log, attach, onReady });
  const sender = new DiscordSender({
    ...{ api, queue, compose, application, host, pace, clock, log, signal },
    adminChannel: settings.adminChannel,
    mayReadHistory: (channel) => mayReadHistory(gateway.client, channel),
  });
  const owners = () => application.owners;
  const answering = new Answering({ api, host, compose, sender, pace, clock, log, signal });
  const interacted = createInteractions({ host, answering, owners, log });
  const mentioned = createMentions({ host, compose, sender, owners, log });
  const presence = new Presence({
    // Everybody sees it: in the farm's own language.
    line: () => host.fleetLine(''),
    client: () => (gateway.isReady ? gateway.client : null),
    everyMs: pace.presenceMs,
    log,
  });
  let registration: Registration | null = null;
  const running = new Set<Promise<void>>();
  let isStopping = false;

  function attach(client: Client): void {
    client.on(Events.InteractionCreate, (interaction) => track(() => interacted(interaction)));
    client.on(Events.MessageCreate, (message) => {
      if (client.isReady()) track(() => mentioned(message, client));
    });
    client.on(Events.GuildCreate, ({ id }) => registration?.want([id]));
    client.on(Events.GuildDelete, ({ id }) => registration?.forget(id));
  }

  function onReady(client: Client<true>): void {
    presence.begin();
    registration?.want(client.guilds.cache.keys());
    application.get().catch((err: unknown) => log.warn({ err }, 'owner of the application not known'));
  }

  function track(work: () => Promise<void>): void {
    if (isStopping) return;
    if (running.size >= MOST_RUNNING) {
      log.warn({ running: running.size }, 'too much is asked at once');
      return;
    }
    const answer = work()
      .catch((err: unknown) => log.error({ err }, 'event not answered'))
      .finally(() => running.delete(answer));
    running.add(answer);
  }

  return {
    name: 'discord',
    sender,
    connected: () => gateway.isReady && !api.tokenRefused,
    detail: () => (api.tokenRefused ? 'Discord refuses the bot token: check DISCORD_TOKEN' : gateway.detail()),
    async start() {
      const say = { en: host.presentation('en').say, fr: host.presentation('fr').say };
      const definition = defineCommands(host.commands, say);
      registration = new Registration({ api, application, definition, host, pace, clock, log, signal });
      gateway.start();
    },
    async stop() {
      // No new question is heard, while those that were asked are answered: answers need no session.
      isStopping = true;
      const answered = settledWithin(Promise.allSettled(running), pace.stopLimitMs);
      await Promise.all([gateway.stop(), answered]);
      presence.stop();
      await queue.stop();
      ended.abort();
      api.close();
    },
  };
}
