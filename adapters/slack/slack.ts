import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { App, type Receiver } from '@slack/bolt';
import { createSendQueue } from '../../src/chat/send-queue.ts';
import type { PlatformSettings } from '../../src/domain/chat-settings.ts';
import type { ChatAdapter, ChatHost, ChatSender } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ImageRenderer } from '../../src/ports/image.ts';
import type { Log } from '../../src/ports/log.ts';
import { AdminsChannel } from './admins-channel.ts';
import { Answering } from './answering.ts';
import { SlackApi } from './api.ts';
import { Authentication } from './authentication.ts';
import { boltLogger } from './bolt-logger.ts';
import { createCompose } from './compose.ts';
import { Delivery } from './delivery.ts';
import { Forms } from './forms.ts';
import { Home } from './home.ts';
import { MountedReceiver } from './http-receiver.ts';
import { listen } from './listeners.ts';
import { type Pace, usualPace } from './pace.ts';
import { People } from './people.ts';
import { SlackSender } from './sender.ts';
import { SharedFiles } from './shared-files.ts';
import { SocketReceiver } from './socket-receiver.ts';
import { Uploads } from './uploads.ts';

export type SlackMode =
  /** Slack is called: no public address is needed. */
  | { readonly kind: 'socket'; readonly appToken: string }
  /** Slack calls: `requestListener` has to be mounted at `eventsPath`. */
  | { readonly kind: 'http'; readonly signingSecret: string };

export interface SlackAdapterOptions {
  readonly botToken: string;
  /** Null for the real one. */
  readonly apiUrl: string | null;
  readonly mode: SlackMode;
  readonly host: ChatHost;
  readonly image: ImageRenderer;
  readonly settings: PlatformSettings;
  readonly log: Log;
  readonly clock: Clock;
  /** Whether the farm is the simulated one: every message says so. */
  readonly demo: boolean;
  readonly pace?: Partial<Pace>;
}

export interface SlackAdapter extends ChatAdapter {
  readonly sender: ChatSender;
  /** `connected`, or why not, in words for an operator. */
  detail(): string;
  /** For POSTs to `eventsPath` on the public listener; null in Socket Mode. */
  readonly requestListener: ((request: IncomingMessage, response: ServerResponse) => void) | null;
}

/** Slack takes about 50 chat.update a minute in a workspace, however many channels they are in. */
const editBudget = { priorities: ['edit'], most: 48, perMs: 60_000 } as const;

/**
 * Answers on Slack: the slash command, mentions, direct messages, buttons, selects and forms; keeps the Home tab; and posts. `start`
 * settles before anything is connected: while Slack is away it goes on connecting.
 */
export function createSlackAdapter(options: SlackAdapterOptions): SlackAdapter {
  const { botToken, apiUrl, mode, host, image, settings, log, clock, demo } = options;
  const pace: Pace = { ...usualPace, ...options.pace };
  const ended = new AbortController();
  const { signal } = ended;
  const { requestLimitMs } = pace;
  const api = new SlackApi({ token: botToken, url: apiUrl, requestLimitMs, clock, log, signal });
  const authentication = new Authentication({ api, pace, log, signal });
  const queue = createSendQueue({
    gapMs: ({ priority }) => (priority === 'edit' ? 0 : pace.postGapMs),
    budgets: [editBudget],
    // With the pictures of a message below the 30 s after which the outbox stops waiting for an answer.
    waitLimitMs: 13_000,
    now: () => clock.now(),
    wait: (durationMs, ends) => wait(durationMs, undefined, { signal: ends }),
  });
  const people = new People({ api, teamId: () => authentication.identity?.teamId ?? null, pace, clock, log });
  const uploads = new Uploads({ api, pace, signal, clock });
  const files = new SharedFiles({ api, uploads, host, log });
  const compose = createCompose({ host, image, uploads, pace, log, demo });
  const admins = new AdminsChannel(api, settings);
  const { adminChannel } = settings;
  const shared = { api, compose, files, host, pace, clock, log, signal };
  const sender = new SlackSender({ ...shared, queue, admins, adminChannel, track });
  const delivery = new Delivery({ ...shared, sender });
  const answering = new Answering({ host, people, delivery });
  const forms = new Forms({ api, host, people, answering, log });
  const home = new Home({ api, host, people, pace, clock, log, demo, track });
  const sockets = mode.kind === 'socket' ? new SocketReceiver({ ...mode, apiUrl, pace, clock, log }) : null;
  const mounted = mode.kind === 'http' ? new MountedReceiver({ ...mode, log, clock }) : null;
  const running = new Set<Promise<void>>();
  let isStarted = false;
  let isStopping = false;
  let isDeaf = false;

  function track(work: () => Promise<void>): void {
    if (isDeaf) return;
    const answer = work()
      .catch((err: unknown) => log.error({ err }, 'event not answered'))
      .finally(() => running.delete(answer));
    running.add(answer);
  }

  function problem(): string | null {
    if (isStopping || !isStarted) return 'not started';
    if (authentication.problem !== null) return authentication.problem;
    if (sockets !== null && sockets.connections === 0) return sockets.problem ?? 'connecting';
    return null;
  }

  function begin(receiver: Receiver): void {
    const app = new App({
      receiver,
      // With `token` Bolt would ask whose it is with every event.
      authorize: async () => ({ botToken }),
      ignoreSelf: false,
      convoStore: false,
      logger: boltLogger(log),
      clientOptions: { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
    });
    app.error(async (err) => log.warn({ err }, 'event not taken'));
    const botUserId = () => authentication.identity?.botUserId ?? null;
    listen(app, { host, answering, forms, home, log, botUserId, track });
  }

  /** No new question is heard, while those that were asked are answered: answers need no socket. */
  async function finish(): Promise<void> {
    await mounted?.stop();
    await sockets?.stop();
    isDeaf = true;
    await Promise.allSettled(running);
  }

  return {
    name: 'slack',
    sender,
    requestListener: mounted?.requestListener ?? null,
    connected: () => problem() === null,
    detail: () => problem() ?? (mounted?.onlyRefused === true ? unsignedText : 'connected'),
    async start() {
      const receiver = sockets ?? mounted?.bolt;
      if (receiver === undefined) return;
      isStarted = true;
      begin(receiver);
      mounted?.start();
      authentication.start();
      await sockets?.start();
    },
    async stop() {
      isStopping = true;
      home.stop();
      const limit = new AbortController();
      const late = wait(pace.stopLimitMs, undefined, { signal: limit.signal }).catch(() => undefined);
      await Promise.race([finish(), late]);
      isDeaf = true;
      limit.abort();
      await queue.stop();
      ended.abort();
    },
  };
}

const unsignedText = 'connected, but the newest request was not signed with SLACK_SIGNING_SECRET';
