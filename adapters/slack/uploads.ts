import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import type { Clock } from '../../src/ports/clock.ts';
import type { SlackApi } from './api.ts';
import type { Pace } from './pace.ts';

export interface NewFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What it shows, for those who do not see it. */
  readonly alt?: string;
}

/** Where files are shown; without it they stay the bot's own, to be shown by a block. */
export interface FilePlace {
  readonly channel: string;
  readonly thread: string | null;
  readonly comment: string | null;
}

const MOST_LOOKS = 8;
/** Of an uploaded picture's description. */
const ALT_LENGTH = 1_000;
/** Of pictures that may be shown again. */
const MOST_KEPT = 64;
const KEPT_MS = 10 * 60_000;

interface Kept {
  readonly id: Promise<string>;
  readonly sinceMs: number;
}

/** Files on their way into Slack; each step has a time limit, none is tried again. @throws as SlackApi does. */
export class Uploads {
  readonly #api: SlackApi;
  readonly #pace: Pick<Pace, 'pictureRetryMs'>;
  readonly #signal: AbortSignal;
  readonly #clock: Clock;
  /** By what they show; the oldest first. */
  readonly #pictures = new Map<string, Kept>();

  constructor(options: { api: SlackApi; pace: Pick<Pace, 'pictureRetryMs'>; signal: AbortSignal; clock: Clock }) {
    this.#api = options.api;
    this.#clock = options.clock;
    this.#pace = options.pace;
    this.#signal = options.signal;
  }

  /**
   * The id of a picture that a block may show. Many ask the same question of one observation, and Slack takes some hundred
   * uploads a minute: what was uploaded lately is shown again.
   */
  picture(file: NewFile): Promise<string> {
    const shows = createHash('sha256')
      .update(`${file.name}\n${file.alt ?? ''}\n`)
      .update(file.bytes)
      .digest('hex');
    const nowMs = this.#clock.now();
    const kept = this.#pictures.get(shows);
    if (kept !== undefined && nowMs - kept.sinceMs < KEPT_MS) return kept.id;
    const id = this.#uploaded(file);
    this.#keep(shows, { id, sinceMs: nowMs });
    return id;
  }

  #keep(shows: string, kept: Kept): void {
    this.#pictures.delete(shows);
    this.#pictures.set(shows, kept);
    // Whoever waits for it is told; the next one tries anew.
    kept.id.catch(() => this.#pictures.get(shows) === kept && this.#pictures.delete(shows));
    const [oldest] = this.#pictures.keys();
    if (this.#pictures.size > MOST_KEPT && oldest !== undefined) this.#pictures.delete(oldest);
  }

  /** Slack takes a moment to look through what it was given. */
  async #uploaded(file: NewFile): Promise<string> {
    const id = await this.#put(file);
    await this.#complete([{ id, title: file.name }], null);
    for (let looks = 0; looks < MOST_LOOKS && !(await this.#isUsable(id)); looks += 1) {
      await wait(this.#pace.pictureRetryMs, undefined, { signal: this.#signal });
    }
    return id;
  }

  /** Shows files in a channel, as one message. */
  async share(files: readonly NewFile[], place: FilePlace): Promise<void> {
    const named: { id: string; title: string }[] = [];
    for (const file of files) named.push({ id: await this.#put(file), title: file.name });
    await this.#complete(named, place);
  }

  async #put({ name, bytes, alt }: NewFile): Promise<string> {
    const answer = await this.#api.call<webApi.FilesGetUploadURLExternalResponse>('files.getUploadURLExternal', {
      filename: name,
      length: bytes.length,
      ...(alt === undefined ? {} : { alt_txt: alt.slice(0, ALT_LENGTH) }),
    });
    const { upload_url: url, file_id: id } = answer;
    if (url === undefined || id === undefined) throw new Error('Slack gave no address to upload to');
    await this.#api.upload(url, bytes);
    return id;
  }

  async #complete(files: readonly { id: string; title: string }[], place: FilePlace | null): Promise<void> {
    await this.#api.call('files.completeUploadExternal', {
      files,
      ...(place === null ? {} : { channel_id: place.channel }),
      ...(place?.thread == null ? {} : { thread_ts: place.thread }),
      ...(place?.comment == null ? {} : { initial_comment: place.comment }),
    });
  }

  /** A file without a media type has not been looked through yet (slackapi/node-slack-sdk#1865). */
  async #isUsable(id: string): Promise<boolean> {
    const { file } = await this.#api.call<webApi.FilesInfoResponse>('files.info', { file: id });
    return file?.mimetype !== '';
  }
}
