import { type APIMessage, type Client, PermissionFlagsBits, Routes } from 'discord.js';
import type { Found } from '../../src/ports/chat.ts';
import type { DiscordApi } from './api.ts';
import { lacksPermission } from './api-failure.ts';
import { decodeCustomId } from './custom-id.ts';

const PAGE = 100;
const MOST_PAGES = 10;
/** Discord's clock and ours may differ by so much. */
const CLOCKS_APART_MS = 60_000;
const DISCORD_EPOCH_MS = 1_420_070_400_000n;

export interface SoughtPost {
  readonly key: string;
  readonly channel: string;
  readonly sinceMs: number;
  readonly botId: string;
}

/**
 * Looks for the post that carries a key in one of its components. Without the permission to read a channel's history Discord
 * shows it empty, so an empty one proves nothing unless `mayRead` does. @throws as discord.js does.
 */
export async function findPost(
  sought: SoughtPost,
  api: DiscordApi,
  mayRead: (channel: string) => boolean | null,
): Promise<Found> {
  const { channel, sinceMs } = sought;
  const forbidden = cannotLook('the bot may not read the message history there');
  if (mayRead(channel) === false) return forbidden;
  const page = async (query: Readonly<Record<string, string>>): Promise<readonly APIMessage[]> =>
    (await api.call({ method: 'GET', route: Routes.channelMessages(channel), query })) as APIMessage[];
  try {
    let after = snowflakeAt(sinceMs - CLOCKS_APART_MS);
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const messages = await page({ limit: String(PAGE), after });
      const found = messages.find((message) => carries(message, sought));
      if (found !== undefined) return { kind: 'there', receipt: { channel, message: found.id } };
      if (messages.length < PAGE) {
        const shown = pages > 0 || messages.length > 0 || (await page({ limit: '1' })).length > 0;
        if (shown) return { kind: 'not there' };
        // Asked again: the permission may have gone meanwhile.
        const allowed = mayRead(channel);
        if (allowed === true) return { kind: 'not there' };
        return allowed === false ? forbidden : cannotLook('Discord shows no history there: it may not be readable');
      }
      after = messages.reduce((newest, { id }) => (BigInt(id) > BigInt(newest) ? id : newest), after);
    }
    return cannotLook(`more than ${PAGE * MOST_PAGES} messages were written there since`);
  } catch (error) {
    if (lacksPermission(error)) return cannotLook('the bot may not see that channel');
    throw error;
  }
}

function cannotLook(why: string): Found {
  return { kind: 'cannot look', why };
}

/** Null where it is not known: no session, or a channel that it does not know. */
export function mayReadHistory(client: Client<true> | null, channelId: string): boolean | null {
  const channel = client?.channels.cache.get(channelId);
  if (client == null || channel === undefined) return null;
  if (channel.isDMBased()) return true;
  const needed = [PermissionFlagsBits.ViewChannel, PermissionFlagsBits.ReadMessageHistory];
  return channel.permissionsFor(client.user)?.has(needed) ?? null;
}

/** The smallest id that a message of that instant may have. */
export function snowflakeAt(atMs: number): string {
  const sinceEpoch = BigInt(Math.floor(atMs)) - DISCORD_EPOCH_MS;
  return sinceEpoch <= 0n ? '0' : (sinceEpoch << 22n).toString();
}

function carries({ author, components = [] }: APIMessage, { key, botId }: SoughtPost): boolean {
  return author.id === botId && customIdsOf(components).some((id) => decodeCustomId(id)?.key === key);
}

function customIdsOf(component: unknown): readonly string[] {
  if (Array.isArray(component)) return component.flatMap(customIdsOf);
  if (typeof component !== 'object' || component === null) return [];
  const own = 'custom_id' in component && typeof component.custom_id === 'string' ? [component.custom_id] : [];
  return [...own, ...('components' in component ? customIdsOf(component.components) : [])];
}
