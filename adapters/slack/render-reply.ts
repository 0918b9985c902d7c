import type { types } from '@slack/bolt';
import type { Presentation } from '../../src/chat/command.ts';
import { countFitting } from '../../src/chat/layout/count-fitting.ts';
import { cutEscaped } from '../../src/chat/layout/cut-text.ts';
import { fitBlocks } from '../../src/chat/layout/fit-blocks.ts';
import { type Sentences, sentencesIn } from '../../src/chat/layout/sentences.ts';
import { Spill } from '../../src/chat/layout/spill.ts';
import type { ChartBlock, Reply, ReplyFile, Suggestion } from '../../src/chat/reply.ts';
import { visible } from '../../src/chat/safe-text.ts';
import { wordsOf } from '../../src/chat/without-charts.ts';
import { SLACK } from './limits.ts';
import { renderActions } from './render-actions.ts';
import { BLOCK_COST, contextOf, fitBlock, lengthOf, type MessagePart, SMALLEST_BLOCK } from './render-blocks.ts';
import { escapeMrkdwn, inertLine } from './safe-text.ts';

export interface RenderOptions {
  readonly presentation: Presentation;
  /** Names the post; it goes into the message's metadata, where nobody sees it, so nothing is rendered for it. */
  readonly key?: string;
  /** It may have been said before: the message says so. */
  readonly possibleRepeat?: boolean;
  /** The figures are of a simulated farm: the message says so. */
  readonly demo?: boolean;
}

export interface SlackMessage {
  /** What notifications and screen readers say; never empty. */
  readonly text: string;
  readonly blocks: types.KnownBlock[];
  /** Pictures to draw and upload; `withPictures` puts them in place of their words. */
  readonly charts: readonly { readonly name: string; readonly chart: ChartBlock }[];
  readonly files: readonly ReplyFile[];
}

/** Pictures of one message; a chart beyond them is said in words. */
const MOST_PICTURES = 3;
/** The longest headline that stands whole; the rest of it is in a file. */
const HEADLINE_LENGTH = 1_500;
const TYPED_ROOM = 900;
const REMARKS_ROOM = 900;
const NAMES_LENGTH = 200;
const FILE_LINE_LENGTH = 150;

/** A reply within Slack's limits; what does not fit is counted, with where to see it. */
export function renderReply(reply: Reply, options: RenderOptions): SlackMessage {
  const { say } = options.presentation;
  const sentences = sentencesIn(say);
  const spill = new Spill(reply, say);
  const actions = renderActions(reply.next, reply.pick);
  const marks = marksOf(options, sentences);
  const head = [headlineBlock(reply.headline), ...contextOf(marks)];
  const typed = typedBlocks(actions.typed, spill.whole, sentences);
  const ownFiles = contextOf(spill.ownFiles().map((line) => cutEscaped(line, FILE_LINE_LENGTH, inertLine)));
  const around = [...head, ...typed.blocks, ...ownFiles, ...actions.blocks];
  const taken = around.reduce((sum, block) => sum + Math.max(BLOCK_COST, lengthOf(block)), REMARKS_ROOM);
  const room = { total: SLACK.blocksTotal - taken, smallest: SMALLEST_BLOCK };
  const fitted = fitBlocks(wordsOf(reply.blocks, MOST_PICTURES), room, fitBlock(sentences), (block) =>
    spill.fileOf(block),
  );
  const clipped = fitted.clipped || actions.clipped || inertLine(reply.headline).length > HEADLINE_LENGTH;
  const { blocks, charts } = named(fitted.fitted.flatMap(({ parts }) => parts));
  const wholeNeeded = clipped || fitted.left > 0 || typed.left || actions.choicesLeft > 0;
  const limits = { files: SLACK.files - charts.length, bytes: SLACK.fileBytes };
  const { files, refused } = spill.files(fitted.cut, wholeNeeded, limits);
  const remarks = contextOf([
    ...(fitted.left > 0 ? [sentences.parts(fitted.left, spill.whole)] : []),
    ...(actions.choicesLeft > 0 ? [sentences.choices(actions.choicesLeft, spill.whole)] : []),
    ...(clipped ? [sentences.clipped(spill.whole)] : []),
    ...(refused.length > 0 ? [sentences.refusedFiles(cutEscaped(refused.join(', '), NAMES_LENGTH, inertLine))] : []),
  ]);
  return {
    text: [visible(cutEscaped(reply.headline, HEADLINE_LENGTH, (text) => escapeMrkdwn(text))), ...marks].join('\n'),
    blocks: [...head, ...blocks, ...typed.blocks, ...ownFiles, ...remarks, ...actions.blocks],
    charts,
    files,
  };
}

/** The message with its pictures, by the file ids that Slack gave for them; a chart without one keeps its words. */
export function withPictures(message: SlackMessage, fileIds: ReadonlyMap<string, string>): SlackMessage {
  const charts = new Map(message.charts.map(({ name, chart }) => [name, chart]));
  const blocks = message.blocks.map((block): types.KnownBlock => {
    const name = block.block_id ?? '';
    const chart = charts.get(name);
    const id = fileIds.get(name);
    if (chart === undefined || id === undefined) return block;
    const text = (value: string): string => visible(cutEscaped(value, SLACK.imageText, inertLine));
    return {
      type: 'image',
      block_id: name,
      slack_file: { id },
      alt_text: text(chart.alt),
      title: { type: 'plain_text', text: text(chart.title), emoji: false },
    };
  });
  return { ...message, blocks };
}

function headlineBlock(headline: string): types.KnownBlock {
  const text = visible(cutEscaped(headline, HEADLINE_LENGTH, inertLine));
  if (text.length <= SLACK.header) return { type: 'header', text: { type: 'plain_text', text, emoji: false } };
  const run = { type: 'text' as const, text, style: { bold: true } };
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [run] }] };
}

function marksOf({ demo, possibleRepeat }: RenderOptions, sentences: Sentences): readonly string[] {
  return [
    ...(possibleRepeat === true ? [`⚠ ${sentences.possibleRepeat()}`] : []),
    ...(demo === true ? [sentences.demo()] : []),
  ];
}

function typedBlocks(
  typed: readonly Suggestion[],
  file: string,
  sentences: Sentences,
): { readonly blocks: readonly types.KnownBlock[]; readonly left: boolean } {
  if (typed.length === 0) return { blocks: [], left: false };
  const lines = typed.map(({ label, command }) => ({
    command: visible(inertLine(command)),
    label: ` ${inertLine(label)}\n`,
  }));
  const room = TYPED_ROOM - sentences.toType().length;
  const count = countFitting(lines.map(lengthOf), room, sentences.questions(typed.length, file).length);
  const left = typed.length - count;
  const elements: types.RichTextElement[] = [
    ...(count > 0 ? [{ type: 'text' as const, text: `${sentences.toType()}\n` }] : []),
    ...lines.slice(0, count).flatMap(({ command, label }): types.RichTextElement[] => [
      { type: 'text', text: command, style: { code: true } },
      { type: 'text', text: label },
    ]),
    ...(left > 0 ? [{ type: 'text' as const, text: sentences.questions(left, file) }] : []),
  ];
  return { blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }], left: left > 0 };
}

/** Charts are named by the block that stands for them. */
function named(parts: readonly MessagePart[]): Pick<SlackMessage, 'blocks' | 'charts'> {
  const charts: { name: string; chart: ChartBlock }[] = [];
  const blocks = parts.map(({ block, chart }): types.KnownBlock => {
    if (chart === undefined) return block;
    const name = `chart-${charts.length + 1}.png`;
    charts.push({ name, chart });
    return { ...block, block_id: name };
  });
  return { blocks, charts };
}
