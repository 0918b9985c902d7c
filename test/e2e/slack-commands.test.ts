import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../commands/index.ts';
import { isObject } from '../emulators/slack/json.ts';
import type { Person } from '../emulators/slack/person.ts';
import type { Message } from '../emulators/slack/workspace.ts';
import { type ChatFarm, startChatFarm } from '../support/chat-program.ts';
import {
  askedOfConsole,
  type ChatQuestion,
  expectSameAnswer,
  questionsByCommand,
  type SeenAnswer,
} from '../support/chat-questions.ts';
import { type SlackFarm, slackModes, startSlackFarm, textOf } from './slack-farm.ts';

/** Every command, asked in every way there is on Slack, in both modes: what is seen is what a console says. */

let farm: ChatFarm;
let questions: readonly ChatQuestion[];

beforeAll(async () => {
  farm = await startChatFarm();
  questions = await askedOfConsole(farm);
}, 60_000);

afterAll(() => farm?.[Symbol.asyncDispose]());

it('every command has its questions', () => {
  expect(Object.keys(questionsByCommand).sort()).toEqual(commands.map(({ name }) => name).sort());
});

describe.each(slackModes)('over %s', (mode) => {
  let bot: SlackFarm;

  beforeAll(async () => {
    bot = await startSlackFarm(farm, { mode, program: { frozen: true } });
  }, 30_000);

  afterAll(() => bot?.[Symbol.asyncDispose]());

  const declared = (question: ChatQuestion) => commands.find(({ name }) => name === question.command);

  /** Whoever may ask it: a newcomer, or whom the platform puts in charge. */
  function asker(question: ChatQuestion): Person {
    return bot.newcomer(declared(question)?.role === 'admin' ? { isOwner: true } : {});
  }

  /** The answer as it stands with its files, which come as a message of their own. */
  async function seenBy(person: Person, answer: Message, { said }: ChatQuestion): Promise<SeenAnswer> {
    const place = person.user.id;
    const directly = bot.slack.state.openDirectMessage(place).id;
    const messages = () => [answer.channel, directly].flatMap((channel) => bot.slack.messages(channel));
    const filesOf = () => [...new Set(messages().flatMap(({ fileIds }) => fileIds))];
    if (said.files.length > 0) await bot.slack.until(() => filesOf().length > 0, 5_000, 'files');
    return seenIn(answer, filesOf());
  }

  function seenIn(answer: Message, fileIds: readonly string[]): SeenAnswer {
    const { files } = bot.slack.state;
    const images = answer.blocks.filter((block) => block['type'] === 'image');
    const pictures = images.flatMap(({ slack_file }) =>
      isObject(slack_file) ? (files.get(String(slack_file['id'])) ?? []) : [],
    );
    return {
      text: textOf(answer),
      alts: images.map((image) => String(image['alt_text'])),
      pictures: pictures.flatMap(({ content }) => content ?? []),
      files: fileIds.flatMap((id) => files.get(id) ?? []).map(({ name, content }) => ({ name, text: String(content) })),
    };
  }

  it('as a slash command, seen by whom it is for', async () => {
    for (const question of questions) {
      const person = asker(question);
      const answer = await person.slash(bot.newChannel(), `/fleet ${question.line}`).answer();
      expectSameAnswer(await seenBy(person, answer, question), question);
      const isPrivate = declared(question)?.visibility === 'asker';
      expect(answer.ephemeralTo, question.line).toBe(isPrivate ? person.user.id : null);
    }
    await bot.clean();
  });

  it('in a direct message', async () => {
    for (const question of questions) {
      const person = asker(question);
      const answer = await person.directMessage(question.line).answer();
      expectSameAnswer(await seenBy(person, answer, question), question);
    }
    await bot.clean();
  });

  it.each(['channel', 'thread'])('by a mention in a %s', async (where) => {
    for (const question of questions) {
      const person = asker(question);
      const channel = bot.newChannel();
      const parent = where === 'thread' ? bot.slack.state.addMessage(parentIn(bot, channel)) : null;
      const options = parent === null ? {} : { thread: parent.ts };
      const answer = await person.mention(channel, question.line, options).answer();
      expectSameAnswer(await seenBy(person, answer, question), question);
      const isPrivate = declared(question)?.visibility === 'asker';
      expect(answer.ephemeralTo, question.line).toBe(isPrivate ? person.user.id : null);
      if (parent !== null) expect(answer.threadTs, question.line).toBe(parent.ts);
    }
    await bot.clean();
  });
});

function parentIn({ slack }: SlackFarm, channel: string) {
  const { id = '' } = slack.state.findChannel(channel) ?? {};
  return { channel: id, user: 'U0ALICE', byBot: false, text: 'Good night.', threadTs: null, origin: 'person' } as const;
}
