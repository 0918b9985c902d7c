import { Client, Events, GatewayIntentBits, Options, Partials } from 'discord.js';
import type { Log } from '../../src/ports/log.ts';
import { restAddress } from './api.ts';
import { endingStrategy } from './ending-strategy.ts';
import type { IdentifyBudget } from './identify-budget.ts';

/** None is privileged: Discord shows a message's text to the bot that it mentions, and in direct messages. */
const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages];

/** A guild that is down for long shall not keep the others waiting for their first answer. */
const GUILDS_LIMIT_MS = 2_000;

export interface GatewayClientOptions {
  readonly url: string | null;
  readonly requestLimitMs: number;
  readonly budget: IdentifyBudget;
  readonly log: Log;
  /** After this, it connects no more. */
  readonly ended: AbortSignal;
}

/** A client that listens; nothing is sent through it but the presence. */
export function createGatewayClient({ url, requestLimitMs, budget, log, ended }: GatewayClientOptions): Client {
  const client = new Client({
    intents,
    // Without it nothing is heard in a direct channel that was never seen before.
    partials: [Partials.Channel],
    rest: { ...restAddress(url), retries: 0, timeout: requestLimitMs },
    ws: {
      buildIdentifyThrottler: () => budget,
      buildStrategy: (manager) => endingStrategy(manager, ended),
    },
    waitGuildTimeout: GUILDS_LIMIT_MS,
    allowedMentions: { parse: [] },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      ReactionManager: 0,
      PresenceManager: 0,
      VoiceStateManager: 0,
      GuildMemberManager: { maxSize: 200, keepOverLimit: (member) => member.id === member.client.user.id },
      UserManager: { maxSize: 500, keepOverLimit: (user) => user.id === user.client.user.id },
    }),
  });
  surviveMalformedPackets(client, log);
  client.on(Events.Error, (err) => log.error({ err }, 'listener failed'));
  client.on(Events.ShardError, (err) => log.warn({ err }, 'gateway failed'));
  client.on(Events.Warn, (warning) => log.warn({ warning }, 'discord.js warns'));
  return client;
}

/**
 * discord.js throws out of its socket's listener, which ends the process, where an event lacks a field that it reads: seen with
 * interactions without `entitlements` or `authorizing_integration_owners`. What can be filled in is; else the event is dropped.
 */
function surviveMalformedPackets(client: Client, log: Log): void {
  client.on(Events.Raw, (packet: unknown) => completeInteraction(packet));
  const manager = client.ws;
  const handle: unknown = Reflect.get(manager, 'handlePacket');
  if (typeof handle !== 'function') throw new Error('discord.js has no handlePacket: its version has changed');
  Reflect.set(manager, 'handlePacket', (packet: unknown, shard: unknown) => {
    try {
      return handle.call(manager, packet, shard);
    } catch (err) {
      log.warn({ err, event: isObject(packet) ? packet['t'] : null }, 'event not understood');
      return false;
    }
  });
}

function completeInteraction(packet: unknown): void {
  if (!isObject(packet) || packet['t'] !== 'INTERACTION_CREATE' || !isObject(packet['d'])) return;
  packet['d']['entitlements'] ??= [];
  packet['d']['authorizing_integration_owners'] ??= {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
