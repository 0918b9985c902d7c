import { expect, test } from 'vitest';
import type { Reply } from '../../src/chat/reply.ts';
import { sampleCommands } from '../chat/sample-commands.ts';
import { FakeChatHost, plainReply } from '../support/chat-host.ts';
import { type DiscordBot, startBot } from './discord-bot.ts';

const reply: Reply = {
  headline: 'Page 1',
  blocks: [],
  next: [
    { label: 'Why', command: 'rig name:a1' },
    { label: 'Next page', command: 'rigs page:2', replaces: true },
    { label: 'Filter', command: 'rigs page:3', form: true },
  ],
  pick: {
    label: 'A rig',
    options: [
      { label: 'a1', command: 'rig name:a1' },
      { label: 'b1', command: 'rig name:b1' },
    ],
  },
};

/** What stands in the channel after somebody asked: a reply with every kind of control. */
async function shown(bot: DiscordBot) {
  bot.host.answerWith(({ text }) => (text === 'rigs' ? reply : plainReply(`answer to ${text}`)));
  return await bot.ada.slash(bot.channel, { command: 'fleet', subcommand: 'rigs' }).answer();
}

test('a button asks its line, with the standing of who presses', async () => {
  await using bot = await startBot();
  const message = await shown(bot);
  const bob = bot.discord.addMember(bot.guild, { name: 'bob', permissions: ['MANAGE_GUILD'] });
  const pressed = bob.click(message, 'Why');
  expect((await pressed.answer()).content).toContain('answer to rig name');
  expect(bot.host.invocations[1]).toMatchObject({ text: 'rig name:a1', user: { id: bob.id, administers: true } });
  expect(bot.discord.message(message)?.content).toContain('Page 1');
  bot.discord.assertClean();
});

test('the next page takes the place of the message', async () => {
  await using bot = await startBot();
  const message = await shown(bot);
  const pressed = bot.ada.click(message, 'Next page');
  await bot.discord.until('page 2', () => bot.discord.message(message)?.content.includes('rigs page') === true);
  expect(pressed.deferredUpdate).toBe(true);
  expect(bot.discord.messages(bot.channel)).toHaveLength(1);
  bot.discord.assertClean();
});

test('a page that cannot be answered leaves the message, and tells who pressed', async () => {
  await using bot = await startBot();
  const message = await shown(bot);
  bot.host.answerWith(() => ({ outcome: 'upstream', reply: plainReply('Prometheus is away.') }));
  const whispered = await bot.ada.click(message, 'Next page').followup();
  expect(whispered).toMatchObject({ ephemeral: true });
  expect(whispered.content).toContain('Prometheus is away');
  expect(bot.discord.message(message)?.content).toContain('Page 1');
  bot.discord.assertClean();
});

test('one of many is picked', async () => {
  await using bot = await startBot();
  const message = await shown(bot);
  const [select] = message.components.flatMap(({ components }) => components ?? []).filter(({ type }) => type === 3);
  const value = select?.options?.find(({ label }) => label === 'b1')?.value ?? '';
  await bot.ada.select(message, select?.custom_id ?? '', [value]).answer();
  expect(bot.host.invocations[1]?.text).toBe('rig name:b1');
  bot.discord.assertClean();
});

test('a form asks for the options; what the button said is filled in', async () => {
  await using bot = await startBot();
  const opened = bot.ada.click(await shown(bot), 'Filter');
  await opened.openedModal();
  await bot.ada.submitModal(opened, { site: 'new york', sort: 'temp' }).answer();
  expect(bot.host.invocations[1]?.text).toBe('rigs site:"new york" sort:temp page:3');
  bot.discord.assertClean();
});

test('what follows from an answer that one person sees is for that person', async () => {
  const commands = sampleCommands.map((command) =>
    command.name === 'rigs' ? { ...command, visibility: 'asker' as const } : command,
  );
  await using bot = await startBot({ host: new FakeChatHost(commands) });
  const message = await shown(bot);
  expect(message.ephemeral).toBe(true);
  expect((await bot.ada.click(message, 'Why').answer()).ephemeral).toBe(true);
  const opened = bot.ada.click(message, 'Filter');
  await opened.openedModal();
  expect((await bot.ada.submitModal(opened, {}).answer()).ephemeral).toBe(true);
  bot.discord.assertClean();
});

test('what is for one person never takes the place of what all see', async () => {
  const commands = sampleCommands.map((command) =>
    command.name === 'rigs' ? { ...command, visibility: 'asker' as const } : command,
  );
  await using bot = await startBot({ host: new FakeChatHost(commands) });
  bot.host.answerWith(({ text }) => (text === 'rig name:a1' ? reply : plainReply('For your eyes only.')));
  const rig = { command: 'fleet', subcommand: 'rig', options: { name: 'a1' } };
  const message = await bot.ada.slash(bot.channel, rig).answer();
  expect(message.ephemeral).toBe(false);
  const answer = await bot.ada.click(message, 'Next page').answer();
  expect(answer).toMatchObject({ ephemeral: true, content: expect.stringContaining('your eyes') });
  expect(bot.discord.message(message)?.content).toContain('Page 1');
  bot.discord.assertClean();
});

test.each([
  { what: 'a button', customId: 'fleet:v1:rig:a1' },
  { what: 'a form of a command that is no more', customId: 'f~~forecast' },
])('$what of an older version gets a friendly answer', async ({ customId }) => {
  await using bot = await startBot();
  const message = await shown(bot);
  const stored = bot.discord.state.findMessage(bot.channel.id, message.id);
  if (stored !== null) {
    stored.json.components = [
      {
        type: 1,
        components: [{ type: 2, style: 2, label: 'Old', custom_id: customId, emoji: undefined }],
        emoji: undefined,
      },
    ];
  }
  const answer = await bot.ada.click(message, 'Old').answer();
  expect(answer.ephemeral).toBe(true);
  expect(answer.content).toContain('older version');
  expect(bot.host.invocations).toHaveLength(1);
  bot.discord.assertClean();
});
