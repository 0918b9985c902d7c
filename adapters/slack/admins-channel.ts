import type { webApi } from '@slack/bolt';
import { SendFailure } from '../../src/ports/chat.ts';
import type { SlackApi } from './api.ts';

const PAGE = 200;
const MOST_PAGES = 25;

/**
 * Where the admins are told: the configured channel; else the direct messages of the first user among the configured admins; else
 * of the workspace's primary owner. Only the last one goes through the list of all members, once: Slack names the owner nowhere else.
 */
export class AdminsChannel {
  readonly #api: SlackApi;
  readonly #configured: string | null;
  readonly #admins: readonly string[];
  #direct: Promise<string> | null = null;

  constructor(api: SlackApi, settings: { readonly adminChannel: string | null; readonly admins: readonly string[] }) {
    this.#api = api;
    this.#configured = settings.adminChannel;
    this.#admins = settings.admins;
  }

  /** @throws SendFailure, else as SlackApi does. */
  async get(): Promise<string> {
    if (this.#configured !== null) return this.#configured;
    this.#direct ??= this.#openDirect();
    try {
      return await this.#direct;
    } catch (error) {
      this.#direct = null;
      throw error;
    }
  }

  async #openDirect(): Promise<string> {
    const user = this.#admins.find((id) => /^[UW]/.test(id)) ?? (await this.#primaryOwner());
    const { channel } = await this.#api.call<webApi.ConversationsOpenResponse>('conversations.open', { users: user });
    if (channel?.id === undefined) throw new SendFailure('refused', 'Slack opened no direct messages with the admin');
    return channel.id;
  }

  async #primaryOwner(): Promise<string> {
    let cursor = '';
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const args = { limit: PAGE, ...(cursor === '' ? {} : { cursor }) };
      const page = await this.#api.call<webApi.UsersListResponse>('users.list', args);
      const owner = (page.members ?? []).find((member) => member.is_primary_owner === true);
      if (owner?.id !== undefined) return owner.id;
      cursor = page.response_metadata?.next_cursor ?? '';
      if (cursor === '') break;
    }
    throw new SendFailure('refused', 'nobody is known to own the workspace: set chat.slack.adminChannel');
  }
}
