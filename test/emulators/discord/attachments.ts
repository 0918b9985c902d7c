import type { DiscordState } from './state.ts';
import type { AttachmentJson, Embed, MessageBody } from './wire.ts';

/** One file of a multipart request. */
export interface Upload {
  /** The n of `files[n]`: what the body's `attachments` call `id`. */
  readonly index: string;
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** Keeps the uploaded bytes where they can be downloaded, and says so in Discord's words. */
export function storeUploads(
  state: DiscordState,
  channelId: string,
  body: MessageBody,
  uploads: readonly Upload[],
): readonly AttachmentJson[] {
  return uploads.map(({ index, filename, contentType, bytes }) => {
    const described = body.attachments?.find(({ id }) => id === index);
    const id = state.nextId();
    const name = (described?.filename ?? filename).replace(/[^\w.-]/g, '_');
    const path = `/attachments/${channelId}/${id}/${name}`;
    state.attachments.set(path, { bytes, contentType });
    const url = `${state.origin}${path}`;
    const description = described?.description;
    return {
      id,
      filename: name,
      size: bytes.length,
      url,
      proxy_url: url,
      content_type: contentType,
      ...(description ? { description } : {}),
      ...pngSize(bytes),
    };
  });
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function pngSize(bytes: Buffer): { width: number; height: number } | null {
  if (bytes.length < 24 || !bytes.subarray(0, 8).equals(pngSignature)) return null;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** Names in `attachment://NAME` that no file of the message has. Discord shows no picture there, and says nothing. */
export function danglingPictures(embeds: readonly Embed[], attachments: readonly AttachmentJson[]): readonly string[] {
  const names = new Set(attachments.map(({ filename }) => filename));
  return embeds.flatMap(pictureNames).filter((name) => !names.has(name));
}

function pictureNames(embed: Embed): readonly string[] {
  return [embed.image?.url, embed.thumbnail?.url].flatMap((url) =>
    url?.startsWith('attachment://') ? [url.slice('attachment://'.length)] : [],
  );
}

/** Puts the files' addresses into the embeds that show them; such files leave the message's own list. */
export function placePictures(
  embeds: readonly Embed[],
  attachments: readonly AttachmentJson[],
): { readonly embeds: readonly (Embed & { type: string })[]; readonly attachments: readonly AttachmentJson[] } {
  const shown = new Set(embeds.flatMap(pictureNames));
  const placed = (picture: { url: string } | null | undefined) => {
    const found = attachments.find(({ filename }) => picture?.url === `attachment://${filename}`);
    if (found === undefined) return picture;
    const { url, proxy_url, width = 0, height = 0 } = found;
    return { ...picture, url, proxy_url, width, height };
  };
  return {
    embeds: embeds.map((embed) => ({
      ...withoutNulls(embed),
      type: 'rich',
      ...(embed.fields ? { fields: embed.fields.map((field) => ({ ...field, inline: field.inline ?? false })) } : {}),
      ...(embed.image ? { image: placed(embed.image) } : {}),
      ...(embed.thumbnail ? { thumbnail: placed(embed.thumbnail) } : {}),
    })),
    attachments: attachments.filter(({ filename }) => !shown.has(filename)),
  };
}

/** Discord answers without what was sent as null. */
function withoutNulls(embed: Embed): Embed {
  return { ...embed, ...Object.fromEntries(Object.entries(embed).map(([key, value]) => [key, value ?? undefined])) };
}
