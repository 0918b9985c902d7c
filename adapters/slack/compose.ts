import type { types } from '@slack/bolt';
import type { Reply, ReplyFile } from '../../src/chat/reply.ts';
import type { ChatHost } from '../../src/ports/chat.ts';
import type { ImageRenderer } from '../../src/ports/image.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Pace } from './pace.ts';
import { type RenderOptions, renderReply, type SlackMessage, withPictures } from './render-reply.ts';
import type { Uploads } from './uploads.ts';
import { within } from './within.ts';

/** What a message says, as Slack takes it. */
export interface Said {
  readonly text: string;
  readonly blocks: readonly types.KnownBlock[];
}

/** A message: to be posted, or to replace another whole. */
export interface Composed {
  /** Its charts in words. */
  readonly plain: Said;
  /** With pictures, which Slack may not take yet; null where there are none. */
  readonly pictured: Said | null;
  readonly files: readonly ReplyFile[];
}

export interface ComposeOptions extends Omit<RenderOptions, 'presentation' | 'demo'> {
  readonly locale: string;
}

/** Turns a reply into a message, its pictures drawn and uploaded; never fails. */
export type Compose = (reply: Reply, options: ComposeOptions) => Promise<Composed>;

export function createCompose(ports: {
  readonly host: Pick<ChatHost, 'presentation'>;
  readonly image: ImageRenderer;
  readonly uploads: Uploads;
  readonly pace: Pick<Pace, 'pictureLimitMs'>;
  readonly log: Log;
  readonly demo: boolean;
}): Compose {
  const { host, image, uploads, pace, log, demo } = ports;

  async function pictured(message: SlackMessage, { locale, timeZone }: { locale: string; timeZone: string }) {
    if (message.charts.length === 0) return null;
    try {
      const ids = message.charts.map(async ({ name, chart }) => {
        const png = await image.png({ chart, theme: 'light', locale, timeZone });
        return [name, await uploads.picture({ name, bytes: Uint8Array.from(png), alt: chart.alt })] as const;
      });
      return saidOf(withPictures(message, new Map(await within(Promise.all(ids), pace.pictureLimitMs))));
    } catch (err) {
      log.warn({ err }, 'chart not shown as a picture');
      return null;
    }
  }

  return async (reply, { locale, ...rest }) => {
    const presentation = host.presentation(locale);
    const message = renderReply(reply, { ...rest, presentation, demo });
    return { plain: saidOf(message), pictured: await pictured(message, presentation), files: message.files };
  };
}

function saidOf({ text, blocks }: SlackMessage): Said {
  return { text, blocks };
}
