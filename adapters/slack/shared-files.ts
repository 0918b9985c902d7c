import type { webApi } from '@slack/bolt';
import type { ReplyFile } from '../../src/chat/reply.ts';
import type { ChatHost } from '../../src/ports/chat.ts';
import type { Log } from '../../src/ports/log.ts';
import type { SlackApi } from './api.ts';
import { isRefusal, notThere } from './api-failure.ts';
import type { FilePlace, NewFile, Uploads } from './uploads.ts';

export interface FileTarget {
  /** Null: only the asker may see them. */
  readonly channel: string | null;
  readonly thread: string | null;
  /** Who gets them directly where they may not or cannot stand in the channel; null: nobody. */
  readonly userId: string | null;
  readonly locale: string;
}

/** Where files went: where they belong, into the asker's direct messages, or nowhere. */
export type FilesWent = 'here' | 'directly' | 'nowhere';

/** Files that come along with messages. Slack shows none to one person in a channel, so those go into direct messages. */
export class SharedFiles {
  readonly #api: SlackApi;
  readonly #uploads: Uploads;
  readonly #host: Pick<ChatHost, 'presentation'>;
  readonly #log: Log;

  constructor(options: { api: SlackApi; uploads: Uploads; host: Pick<ChatHost, 'presentation'>; log: Log }) {
    this.#api = options.api;
    this.#uploads = options.uploads;
    this.#host = options.host;
    this.#log = options.log;
  }

  /** Never throws. */
  async share(files: readonly ReplyFile[], { channel, thread, userId, locale }: FileTarget): Promise<FilesWent> {
    const named = files.map(({ name, text }): NewFile => ({ name, bytes: new TextEncoder().encode(text) }));
    try {
      if (channel !== null && (await this.#shareIn(named, { channel, thread, comment: null }, userId !== null))) {
        return 'here';
      }
      if (userId === null) return 'nowhere';
      const direct = await this.#api.call<webApi.ConversationsOpenResponse>('conversations.open', { users: userId });
      const { say } = this.#host.presentation(locale);
      const comment = say('With the answer to what you asked:');
      await this.#uploads.share(named, { channel: direct.channel?.id ?? '', thread: null, comment });
      return 'directly';
    } catch (err) {
      this.#log.warn({ err, channel }, 'files not shared');
      return 'nowhere';
    }
  }

  /** False where the bot is not in the channel and there is another way. */
  async #shareIn(files: readonly NewFile[], place: FilePlace, hasOtherWay: boolean): Promise<boolean> {
    try {
      await this.#uploads.share(files, place);
      return true;
    } catch (error) {
      if (hasOtherWay && isRefusal(error, ...notThere)) return false;
      throw error;
    }
  }
}
