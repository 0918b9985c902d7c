import type { APIEmbed } from 'discord.js';
import type { Presentation } from '../../src/chat/command.ts';
import { countFitting } from '../../src/chat/layout/count-fitting.ts';
import { cutEscaped } from '../../src/chat/layout/cut-text.ts';
import { type FittedBlocks, fitBlocks } from '../../src/chat/layout/fit-blocks.ts';
import { type Sentences, sentencesIn } from '../../src/chat/layout/sentences.ts';
import { Spill } from '../../src/chat/layout/spill.ts';
import type { ChartBlock, Reply, ReplyFile, Suggestion } from '../../src/chat/reply.ts';
import { visible } from '../../src/chat/safe-text.ts';
import { wordsOf } from '../../src/chat/without-charts.ts';
import { DISCORD } from './limits.ts';
import { type EmbedPart, fitBlock, SMALLEST_BLOCK, TEXT_GAP } from './render-blocks.ts';
import { type ActionRow, type Components, renderComponents } from './render-components.ts';
import { codeSpan, escapeLine } from './safe-markdown.ts';

export interface RenderOptions {
  readonly presentation: Presentation;
  /** Names the post: carried in a component's custom_id, so that it is found again in the channel's history. */
  readonly key?: string;
  /** It may have been said before: the message says so. */
  readonly possibleRepeat?: boolean;
  /** The figures are of a simulated farm: the message says so. */
  readonly demo?: boolean;
}

export interface DiscordMessage {
  /** Never empty. */
  readonly content: string;
  readonly embeds: APIEmbed[];
  readonly components: ActionRow[];
  /** Pictures to draw and attach under these names; the embeds show them as `attachment://NAME`. */
  readonly charts: readonly { readonly name: string; readonly chart: ChartBlock }[];
  readonly files: readonly ReplyFile[];
}

/** Pictures of one message; a chart beyond them is said in words. */
const MOST_PICTURES = 3;
/** Characters that the embeds keep for what is said about the message itself: questions to type, then what was cut. */
const TYPED_ROOM = 900;
const REMARKS_ROOM = 700;
const NAMES_LENGTH = 200;
const FILE_LINE_LENGTH = 150;

/**
 * A reply within Discord's limits; what does not fit is counted, with where to see it. The headline is the content, since
 * that is what a notification shows and what is left where somebody has embeds turned off; everything else is in embeds.
 */
export function renderReply(reply: Reply, options: RenderOptions): DiscordMessage {
  const { presentation, key } = options;
  const sentences = sentencesIn(presentation.say);
  const spill = new Spill(reply, presentation.say);
  const blocks = wordsOf(reply.blocks, MOST_PICTURES);
  const components = renderComponents(reply.next, reply.pick, key ?? null, presentation.say('Help'));
  const headline = contentOf(reply.headline, options, sentences);
  const typed = typedLines(components, spill.whole, sentences);
  const ownFiles = spill.ownFiles().map((line) => `-# ${cutEscaped(line, FILE_LINE_LENGTH, escapeLine)}`);
  const early = [typed.text, ownFiles.join('\n')].filter((text) => text !== '');
  const total = DISCORD.embedTotal - early.join(TEXT_GAP).length - 2 * TEXT_GAP.length - REMARKS_ROOM;
  const fitAs = (fieldsAs: 'fields' | 'lines'): FittedBlocks<EmbedPart> =>
    fitBlocks(blocks, { total, smallest: SMALLEST_BLOCK }, fitBlock({ sentences, fieldsAs }), (block) =>
      spill.fileOf(block),
    );
  let fitted = fitAs('fields');
  // Text after fields needs an embed of its own, and the tail may, too.
  if (embedsOf(fitted, []).embeds.length > DISCORD.embeds - 2) fitted = fitAs('lines');
  const clipped = fitted.clipped || headline.clipped || components.clipped;
  const wholeNeeded = clipped || fitted.left > 0 || typed.left || components.choicesLeft > 0;
  const charts = blocks.filter((block) => block.kind === 'chart').length;
  const limits = { files: DISCORD.attachments - charts, bytes: DISCORD.fileBytes };
  const { files, refused } = spill.files(fitted.cut, wholeNeeded, limits);
  const remarks = [
    ...(fitted.left > 0 ? [sentences.parts(fitted.left, spill.whole)] : []),
    ...(components.choicesLeft > 0 ? [sentences.choices(components.choicesLeft, spill.whole)] : []),
    ...(clipped ? [sentences.clipped(spill.whole)] : []),
    ...(refused.length > 0 ? [sentences.refusedFiles(cutEscaped(refused.join(', '), NAMES_LENGTH, escapeLine))] : []),
  ].map((remark) => `-# ${remark}`);
  const tail = [...early, remarks.join('\n')].filter((text) => text !== '');
  return { content: headline.text, ...embedsOf(fitted, tail), components: components.rows, files };
}

/** The answer in bold, then what has to be known about it. */
function contentOf(
  headline: string,
  { demo, possibleRepeat }: RenderOptions,
  sentences: Sentences,
): { readonly text: string; readonly clipped: boolean } {
  const marks = [
    ...(possibleRepeat === true ? [`⚠ ${sentences.possibleRepeat()}`] : []),
    ...(demo === true ? [sentences.demo()] : []),
  ].map((mark) => `\n-# ${escapeLine(mark)}`);
  const room = DISCORD.content - marks.join('').length - '****'.length;
  const text = `**${visible(cutEscaped(headline, room, escapeLine))}**${marks.join('')}`;
  return { text, clipped: escapeLine(headline).length > room };
}

function typedLines(
  { typed }: Components,
  file: string,
  sentences: Sentences,
): { readonly text: string; readonly left: boolean } {
  if (typed.length === 0) return { text: '', left: false };
  const lines = typed.map(({ label, command }: Suggestion) => `${codeSpan(command)} ${escapeLine(label)}`.trimEnd());
  const more = sentences.questions(typed.length, file);
  const room = TYPED_ROOM - sentences.toType().length;
  const count = countFitting(
    lines.map((line) => line.length + 1),
    room,
    more.length + 1,
  );
  const left = typed.length - count;
  const shown = [...lines.slice(0, count), ...(left > 0 ? [sentences.questions(left, file)] : [])];
  return { text: [...(count > 0 ? [sentences.toType()] : []), ...shown].join('\n'), left: left > 0 };
}

/** Text, then fields, then a picture make an embed; what cannot follow in that order begins the next one. */
function embedsOf(
  { fitted }: FittedBlocks<EmbedPart>,
  tail: readonly string[],
): Pick<DiscordMessage, 'embeds' | 'charts'> {
  const embeds: APIEmbed[] = [];
  const charts: { name: string; chart: ChartBlock }[] = [];
  const parts = [...fitted.flatMap((block) => block.parts), ...tail.map((text): EmbedPart => ({ kind: 'text', text }))];
  for (const part of parts) {
    const last = embeds.at(-1);
    if (part.kind === 'chart') {
      const name = `chart-${charts.length + 1}.png`;
      charts.push({ name, chart: part.chart });
      embeds.push({ title: part.title, image: { url: `attachment://${name}` } });
    } else if (part.kind === 'field') {
      const fields = last?.fields ?? [];
      if (last !== undefined && last.image === undefined && fields.length < DISCORD.embedFields) {
        last.fields = [...fields, part.field];
      } else embeds.push({ fields: [part.field] });
    } else {
      const text = last?.description === undefined ? part.text : last.description + TEXT_GAP + part.text;
      const open = last !== undefined && last.image === undefined && last.fields === undefined;
      if (open && text.length <= DISCORD.embedDescription) last.description = text;
      else embeds.push({ description: part.text });
    }
  }
  return { embeds, charts };
}
