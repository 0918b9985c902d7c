import type { webApi } from '@slack/bolt';
import type { Found } from '../../src/ports/chat.ts';
import type { SlackApi } from './api.ts';
import { failureOf } from './api-failure.ts';
import { POST_EVENT } from './channel-messages.ts';

/** Slack advises at most 200; it gives 15 to apps that are sold outside its Marketplace. */
const PAGE = 200;
const MOST_PAGES = 5;
/** Slack's clock and ours may differ by so much. */
const CLOCKS_APART_MS = 60_000;

export interface SoughtPost {
  readonly key: string;
  readonly channel: string;
  /** The parent's ts, where it would stand in a thread: a channel's history does not show those. */
  readonly thread: string | null;
  readonly sinceMs: number;
}

/** Looks for the message that carries a key. @throws as SlackApi does, except where nothing may be read. */
export async function findPost({ key, channel, thread, sinceMs }: SoughtPost, api: SlackApi): Promise<Found> {
  const place = thread === null ? { channel } : { channel, ts: thread };
  const method = thread === null ? 'conversations.history' : 'conversations.replies';
  const oldest = String(Math.max(0, sinceMs - CLOCKS_APART_MS) / 1_000);
  try {
    let cursor = '';
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const page = await api.call<webApi.ConversationsHistoryResponse>(method, {
        ...place,
        oldest,
        limit: PAGE,
        include_all_metadata: true,
        ...(cursor === '' ? {} : { cursor }),
      });
      const found = (page.messages ?? []).find(({ metadata }) => keyIn(metadata) === key);
      if (found?.ts !== undefined) return { kind: 'there', receipt: { channel, message: found.ts } };
      cursor = page.response_metadata?.next_cursor ?? '';
      if (cursor === '') return { kind: 'not there' };
    }
    return cannotLook(`more than ${PAGE * MOST_PAGES} messages were written there since`);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'refused') return cannotLook(`Slack does not show the history there: ${failure.message}`);
    throw error;
  }
}

function cannotLook(why: string): Found {
  return { kind: 'cannot look', why };
}

function keyIn(metadata: unknown): string | null {
  if (typeof metadata !== 'object' || metadata === null) return null;
  if (!('event_type' in metadata) || metadata.event_type !== POST_EVENT || !('event_payload' in metadata)) return null;
  const { event_payload: payload } = metadata;
  if (typeof payload !== 'object' || payload === null || !('key' in payload)) return null;
  return typeof payload.key === 'string' ? payload.key : null;
}
