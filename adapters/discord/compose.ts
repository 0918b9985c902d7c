import type { APIAllowedMentions, RawFile, RESTAPIAttachment, RESTPatchAPIChannelMessageJSONBody } from 'discord.js';
import type { Reply } from '../../src/chat/reply.ts';
import { withoutCharts } from '../../src/chat/without-charts.ts';
import type { ChatHost } from '../../src/ports/chat.ts';
import type { ImageRenderer } from '../../src/ports/image.ts';
import type { Log } from '../../src/ports/log.ts';
import { type DiscordMessage, type RenderOptions, renderReply } from './render-reply.ts';

/** A message as Discord takes it: to be posted, or to replace another whole. */
export interface Composed {
  readonly body: RESTPatchAPIChannelMessageJSONBody & { readonly content: string };
  readonly files: readonly RawFile[];
}

export interface ComposeOptions extends Omit<RenderOptions, 'presentation' | 'demo'> {
  readonly locale: string;
}

/** Turns a reply into a message, its pictures drawn; never fails. */
export type Compose = (reply: Reply, options: ComposeOptions) => Promise<Composed>;

/** A message may carry 10 MiB where a server is not boosted (discord.com/developers/docs/reference#uploading-files). */
const MOST_FILE_BYTES = 9_500_000;
/** Of an attachment's description. */
const DESCRIPTION_LENGTH = 1_024;

/** Whatever a message says, nobody is mentioned by it. */
export const nobody: APIAllowedMentions = { parse: [] };

export function createCompose(ports: {
  readonly host: Pick<ChatHost, 'presentation'>;
  readonly image: ImageRenderer;
  readonly log: Log;
  readonly demo: boolean;
}): Compose {
  const { host, image, log, demo } = ports;

  async function drawn(message: DiscordMessage, { locale, timeZone }: { locale: string; timeZone: string }) {
    const drawings = message.charts.map(async ({ name, chart }) => ({
      name,
      data: Buffer.from(await image.png({ chart, theme: 'dark', locale, timeZone })),
      contentType: 'image/png',
      description: chart.alt,
    }));
    return await Promise.all(drawings);
  }

  return async (asked, { locale, ...rest }) => {
    const presentation = host.presentation(locale);
    const options = { ...rest, presentation, demo };
    const reply = withoutLargeFiles(asked, presentation.say);
    const message = renderReply(reply, options);
    try {
      return composed(message, await drawn(message, presentation));
    } catch (err) {
      log.warn({ err }, 'chart not drawn');
      return composed(renderReply(withoutCharts(reply), options), []);
    }
  };
}

interface Attached extends RawFile {
  readonly description: string;
}

function composed({ content, embeds, components, files }: DiscordMessage, pictures: readonly Attached[]): Composed {
  const texts = files.map(({ name, mediaType, text, description }) => ({
    name,
    data: Buffer.from(text),
    contentType: mediaType,
    description,
  }));
  const attached: readonly Attached[] = [...pictures, ...texts];
  const attachments: RESTAPIAttachment[] = attached.map(({ name, description }, index) => ({
    // Which `files[N]` it is.
    id: String(index),
    filename: name,
    description: description.slice(0, DESCRIPTION_LENGTH),
  }));
  return {
    body: { content, embeds, components, attachments, allowed_mentions: nobody },
    files: attached.map(({ name, data, contentType }) => ({ name, data, ...(contentType ? { contentType } : {}) })),
  };
}

function withoutLargeFiles(reply: Reply, say: RenderOptions['presentation']['say']): Reply {
  const { files = [], ...rest } = reply;
  const bytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (bytes <= MOST_FILE_BYTES) return reply;
  const note = say('{name} is too large for Discord ({megabytes} MB). Ask for less: one site, or one page.', {
    name: files.map(({ name }) => name).join(', '),
    megabytes: Math.ceil(bytes / 1_000_000),
  });
  return { ...rest, blocks: [...reply.blocks, { kind: 'notes', tone: 'warning', notes: [note] }] };
}
