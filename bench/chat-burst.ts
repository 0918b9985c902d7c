import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../test/emulators/shared/wait-for.ts';
import type { ChatProcess, PageWanted, Vitals } from './chat-process.ts';
import type { Answered, Question, Stage } from './chat-stage.ts';

/** How much is asked at once. Every second channel is busy: there people ask in messages too, whose answers take turns. */
export interface BurstSize {
  readonly people: number;
  readonly commandsEach: number;
  readonly channels: number;
  readonly mentionsPerBusyChannel: number;
  /** One in each channel, one after another while the commands are answered; none for a bot that has no outbox. */
  readonly pages: number;
}

export interface PageFigures {
  /** Whether answers to messages waited in its channel. */
  readonly busy: boolean;
  /** From `outbox.post` until it stands in the channel. */
  readonly standsAfterMs: number;
  /** Of that, until the outbox gave it to the platform's sender. */
  readonly queuedAfterMs: number;
  /** Answers that came to stand in the channel between the page's coming to the sender and its standing there. */
  readonly answersBefore: number;
}

export interface BurstFigures {
  /** One after another, before the burst. */
  readonly alone: readonly Answered[];
  readonly answers: readonly Answered[];
  readonly mentions: { readonly asked: number; readonly answered: number };
  readonly quietPages: readonly PageFigures[];
  /** Those that stand in their channels. */
  readonly pages: readonly PageFigures[];
  readonly lostPages: number;
  readonly vitals: Vitals;
  readonly wrong: readonly string[];
}

const aloneRounds = 4;
const answerLimitMs = 30_000;
const pageGapMs = 40;

/** The stage has one more person and channel than the burst, for what is asked alone. */
export async function runBurst(stage: Stage, bot: ChatProcess, size: BurstSize): Promise<BurstFigures> {
  await stage.connected(bot.requestUrl);
  const rigs = bot.rigs.length > 0 ? bot.rigs : ['a1'];
  await askAlone(stage, size, rigs);
  const alone = await stage.answers();
  const quiet = await sendPages(stage, bot, { ...size, name: 'quiet' });

  bot.watch();
  const mentions = mentionAll(stage, size);
  await askAll(stage, size, rigs);
  const pages = await sendPages(stage, bot, { ...size, name: 'burst' });
  const asked = alone.length + size.people * size.commandsEach;
  await soon(() => stage.answered() === asked && answersToMessages(stage, size) >= mentions);
  const vitals = await bot.vitals();
  // Afterwards nothing more can come: what was said twice is there.
  await bot.stop();
  return {
    alone,
    answers: (await stage.answers()).slice(alone.length),
    mentions: { asked: mentions, answered: answersToMessages(stage, size) },
    quietPages: quiet.flatMap((page) => pageFigures(stage, bot, page, false) ?? []),
    pages: pages.flatMap((page) => pageFigures(stage, bot, page, isBusy(page.place)) ?? []),
    lostPages: size.pages - pages.filter((page) => indexOf(stage, page) >= 0).length,
    vitals,
    wrong: stage.wrong(),
  };
}

/** Everybody asks each of these once, in turn. */
function questionOf(index: number, rigs: readonly string[]): Question {
  const rig = { command: 'rig', options: { name: rigs[index % rigs.length] ?? '' } };
  const others = ['status', 'profit', 'rigs', 'readiness'].map((command) => ({ command, options: {} }));
  return [...others, rig][index % 5] ?? rig;
}

async function askAlone(stage: Stage, { people, channels }: BurstSize, rigs: readonly string[]): Promise<void> {
  for (let index = 0; index < aloneRounds * 5; index++) {
    stage.ask(people, channels, questionOf(index, rigs));
    await until('a command asked alone is answered', () => stage.answered() > index);
  }
}

/** As fast as it goes, while the platform goes on taking connections: it takes one in each turn of its event loop. */
async function askAll(
  stage: Stage,
  { people, commandsEach, channels }: BurstSize,
  rigs: readonly string[],
): Promise<void> {
  for (let index = 0; index < people * commandsEach; index++) {
    const person = index % people;
    stage.ask(person, person % channels, questionOf(person + Math.floor(index / people), rigs));
    await breathe();
  }
}

function mentionAll(stage: Stage, { channels, people, mentionsPerBusyChannel }: BurstSize): number {
  let count = 0;
  for (let turn = 0; turn < mentionsPerBusyChannel; turn++) {
    for (let channel = 0; channel < channels; channel++) {
      if (!isBusy(channel)) continue;
      stage.mention((turn * channels + channel) % people, channel, { command: 'status', options: {} });
      count += 1;
    }
  }
  return count;
}

function isBusy(channel: number): boolean {
  return channel % 2 === 0;
}

interface SentPage extends PageWanted {
  /** Its channel's index. */
  readonly place: number;
}

/** Settles when all of them stand, or will not in time. */
async function sendPages(
  stage: Stage,
  bot: ChatProcess,
  { pages, channels, name }: Pick<BurstSize, 'pages' | 'channels'> & { readonly name: string },
): Promise<readonly SentPage[]> {
  const { platform } = stage;
  const sent = Array.from({ length: pages }, (_, index): SentPage => {
    const place = index % channels;
    const headline = `Page ${index} of the ${name} ones`;
    return { key: `${name}-${index}`, platform, channel: stage.channels[place] ?? '', headline, place };
  });
  for (const { place: _, ...page } of sent) {
    bot.page(page);
    await sleep(pageGapMs);
  }
  await soon(() => sent.every((page) => bot.lost.has(page.key) || indexOf(stage, page) >= 0));
  return sent;
}

function indexOf(stage: Stage, { place, headline }: SentPage): number {
  return stage.posts(place).findIndex(({ text }) => text.includes(headline));
}

function answersToMessages(stage: Stage, { channels }: BurstSize): number {
  const posts = Array.from({ length: channels }, (_, channel) => stage.posts(channel)).flat();
  return posts.filter(({ text }) => !isPage(text)).length;
}

function isPage(text: string): boolean {
  return /Page \d+ of the \w+ ones/.test(text);
}

/** Null where it does not stand. */
function pageFigures(stage: Stage, bot: ChatProcess, page: SentPage, busy: boolean): PageFigures | null {
  const posts = stage.posts(page.place);
  const index = indexOf(stage, page);
  const times = bot.pages.get(page.key);
  const post = posts[index];
  if (times === undefined || post === undefined) return null;
  const { wantedMs, queuedMs } = times;
  return {
    busy,
    standsAfterMs: post.atMs - wantedMs,
    queuedAfterMs: queuedMs - wantedMs,
    answersBefore: posts.slice(0, index).filter(({ atMs, text }) => atMs > queuedMs && !isPage(text)).length,
  };
}

/** Waits for as long as somebody would: what is missing then is missing in the figures. */
async function soon(isSo: () => boolean): Promise<void> {
  await until('all of it', isSo).catch(() => undefined);
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  await waitFor(what, () => (isSo() ? true : null), answerLimitMs);
}
