import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { commands } from '../../commands/index.ts';
import { textOf } from '../emulators/discord/emulator.ts';
import type { SeenMessage } from '../emulators/discord/interactions.ts';
import type { Channel } from '../emulators/discord/state.ts';
import type { DiscordUser } from '../emulators/discord/users.ts';
import {
  askedOfConsole,
  type ChatQuestion,
  expectSameAnswer,
  questionsByCommand,
  type SeenAnswer,
} from '../support/chat-questions.ts';
import { type DiscordFarm, startDiscordFarm } from './discord-farm.ts';

/** Every command, asked in every way there is on Discord: what is seen is what a console says. */

let bot: DiscordFarm;
let questions: readonly ChatQuestion[];

beforeAll(async () => {
  // More answers into one channel than people ask for; other tests hold the limits.
  bot = await startDiscordFarm({ emulator: { rateLimits: { routes: {} } }, program: { frozen: true } });
  questions = await askedOfConsole(bot.farm);
}, 60_000);

afterAll(() => bot?.[Symbol.asyncDispose]());

const declared = (question: ChatQuestion) => commands.find(({ name }) => name === question.command);

/** Whoever may ask it: a newcomer, or whom the platform puts in charge. */
function asker(question: ChatQuestion, newcomer: DiscordUser): DiscordUser {
  return declared(question)?.role === 'admin' ? bot.discord.owner : newcomer;
}

it('every command has its questions', () => {
  expect(Object.keys(questionsByCommand).sort()).toEqual(commands.map(({ name }) => name).sort());
});

it('as a subcommand with typed options, seen by whom it is for', async () => {
  const { discord, guild, channel } = bot;
  const ada = discord.addMember(guild, { name: 'ada' });
  for (const question of questions) {
    const { command: subcommand, options } = question;
    const asked = asker(question, ada).slash(channel, { command: 'fleet', subcommand, options });
    const answer = await asked.answer();
    expectSameAnswer(seenIn(answer), question);
    const ephemeral = declared(question)?.visibility === 'asker';
    expect({ ephemeral: answer.ephemeral, deferred: asked.deferred }, question.line).toEqual({
      ephemeral,
      deferred: { ephemeral },
    });
  }
  bot.clean();
});

it('in a direct message', async () => {
  const bob = bot.discord.addMember(bot.guild, { name: 'bob' });
  for (const question of questions) {
    const user = asker(question, bob);
    const { id } = user.say(user.directChannel(), question.line);
    expectSameAnswer(seenIn(await answerTo(user.directChannel(), id)), question);
  }
  bot.clean();
});

it.each(['channel', 'thread'])('by a mention in a %s; what is for one alone is not said there', async (where) => {
  const { discord, guild, channel } = bot;
  const place = where === 'channel' ? channel : discord.addThread(channel, 'night shift');
  const cleo = discord.addMember(guild, { name: `cleo in a ${where}` });
  for (const question of questions) {
    const { id } = asker(question, cleo).say(place, `<@${discord.applicationId}> ${question.line}`);
    const answer = await answerTo(place, id);
    if (declared(question)?.visibility === 'asker') expect(answer.content).toContain('for you alone');
    else expectSameAnswer(seenIn(answer), question);
  }
  bot.clean();
});

const reference = z.object({ message_id: z.string() });

function answerTo(place: Channel, id: string): Promise<SeenMessage> {
  return bot.discord.expectMessage(
    place,
    ({ message_reference }) => reference.safeParse(message_reference).data?.message_id === id,
  );
}

function seenIn(message: SeenMessage): SeenAnswer {
  const bytesAt = (url: string) => bot.discord.attachment(url);
  const pictures = message.embeds.flatMap(({ image }) => image?.url ?? []);
  return {
    text: textOf(message),
    alts: altsOf(message.id),
    pictures: pictures.map(bytesAt),
    files: message.attachments.map(({ filename, url }) => ({ name: filename, text: bytesAt(url).toString() })),
  };
}

const sentMessage = z.object({
  attachments: z.array(z.object({ filename: z.string(), description: z.string() })).default([]),
});

/** What the bot said beside the pictures; a message shows it to those who cannot see them. */
function altsOf(messageId: string): readonly string[] {
  const { requests } = bot.discord.log;
  const isOfMessage = z.object({ id: z.literal(messageId) });
  const sent = requests.findLast(({ answer }) => isOfMessage.safeParse(answer).success);
  const { attachments } = sentMessage.parse(sent?.body);
  return attachments.filter(({ filename }) => filename.endsWith('.png')).map(({ description }) => description);
}
