import { ActionRowBuilder, ButtonBuilder, ButtonStyle, type Client, ModalBuilder, TextInputBuilder } from 'discord.js';
import { expect, it } from 'vitest';
import { type BotHandlers, type DiscordJsBot, startDiscordJsBot } from './discord-js-bot.ts';
import { type DiscordEmulator, type DiscordEmulatorOptions, startDiscordEmulator } from './emulator.ts';

interface Stage extends AsyncDisposable {
  readonly discord: DiscordEmulator;
  readonly bot: DiscordJsBot;
  readonly client: Client<true>;
  readonly channel: ReturnType<DiscordEmulator['addChannel']>;
  readonly guild: ReturnType<DiscordEmulator['addGuild']>;
  readonly ada: ReturnType<DiscordEmulator['addMember']>;
}

async function stage(handlers: BotHandlers = {}, options: DiscordEmulatorOptions = {}): Promise<Stage> {
  const discord = await startDiscordEmulator(options);
  const guild = discord.addGuild('Farm');
  const channel = discord.addChannel(guild, 'ops');
  const ada = discord.addMember(guild, { name: 'ada' });
  const bot = await startDiscordJsBot(discord, handlers);
  return {
    ...{ discord, guild, channel, ada, bot, client: bot.client },
    async [Symbol.asyncDispose]() {
      await bot[Symbol.asyncDispose]();
      await discord[Symbol.asyncDispose]();
    },
  };
}

const profit = { command: 'fleet', subcommand: 'profit', options: { site: 'quebec' } };

function whyRow(customId = 'why:1') {
  const button = new ButtonBuilder().setCustomId(customId).setLabel('Why').setStyle(ButtonStyle.Secondary);
  return new ActionRowBuilder<ButtonBuilder>().addComponents(button).toJSON();
}

it('answers a slash command later, follows up, and shows what it is doing', async () => {
  await using on = await stage({
    async command(interaction) {
      await interaction.deferReply();
      const site = interaction.options.getString('site');
      await interaction.editReply({
        embeds: [{ title: 'Profit', description: `site ${site}` }],
        components: [whyRow()],
      });
      await interaction.followUp({ content: 'for you', flags: 64 });
    },
  });
  const asked = on.ada.slash(on.channel, profit);
  const answer = await asked.answer();
  expect(asked).toMatchObject({ deliveries: 1, deferred: { ephemeral: false } });
  expect(asked.acknowledgedMs).toBeLessThan(3_000);
  expect(answer).toMatchObject({ content: '', ephemeral: false, edited_timestamp: null, flags: 0 });
  expect(answer.embeds).toEqual([{ type: 'rich', title: 'Profit', description: 'site quebec' }]);
  expect(await asked.followup()).toMatchObject({ content: 'for you', ephemeral: true });
  expect(on.discord.messages(on.channel).map(({ id }) => id)).toEqual([answer.id]);
  on.client.user.setActivity('12 rigs');
  await on.discord.until('the activity', () => on.discord.presence?.activities[0]?.name === '12 rigs');
  expect(on.bot.errors).toEqual([]);
  on.discord.assertClean();
});

it('takes clicks, choices from a menu, a modal and half-typed options', async () => {
  const input = new TextInputBuilder().setCustomId('until').setLabel('Until').setStyle(1).setMaxLength(20);
  const modal = new ModalBuilder().setCustomId('ack').setTitle('Acknowledge');
  modal.addComponents(new ActionRowBuilder<TextInputBuilder>().addComponents(input));
  const menu = {
    type: 3,
    custom_id: 'window',
    options: ['now', '7d'].map((value) => ({ label: value, value })),
  } as const;
  await using on = await stage({
    command: (interaction) =>
      interaction.reply({ content: 'what now?', components: [whyRow(), { type: 1, components: [menu] }] }),
    button: (interaction) => interaction.showModal(modal),
    modal: (interaction) => interaction.reply(`until ${interaction.fields.getTextInputValue('until')}`),
    async select(interaction) {
      await interaction.deferUpdate();
      await interaction.editReply({ content: `over ${interaction.values}`, components: [] });
    },
    autocomplete: (interaction) =>
      interaction.respond([{ name: `${interaction.options.getFocused()}bec`, value: 'q' }]),
  });
  const answer = await on.ada.slash(on.channel, profit).answer();
  const clicked = on.ada.click(answer, 'Why');
  expect(await clicked.openedModal()).toMatchObject({ title: 'Acknowledge' });
  const submitted = on.ada.submitModal(clicked, { Until: 'tomorrow' });
  expect(await submitted.answer()).toMatchObject({ content: 'until tomorrow' });
  const chosen = on.ada.select(answer, 'window', ['7d']);
  expect(await chosen.answer()).toMatchObject({ id: answer.id, content: 'over 7d', components: [] });
  expect(chosen.deferredUpdate).toBe(true);
  const typed = on.ada.autocomplete(on.channel, { ...profit, options: {}, focus: { name: 'site', value: 'que' } });
  expect(await typed.suggested()).toEqual([{ name: 'quebec', value: 'q' }]);
  on.discord.assertClean();
});

it('takes files, shows them in embeds and gives them back', async () => {
  await using on = await stage();
  const bytes = Buffer.from('site,net\nquebec,1.25\n');
  const channel = await on.client.channels.fetch(on.channel.id);
  if (!channel?.isSendable()) throw new Error('no channel to send to');
  const file = { attachment: bytes, name: 'profit.csv' };
  await channel.send({ content: 'the file', files: [file] });
  const plain = await on.discord.expectMessage(on.channel, /the file/);
  expect(plain.attachments).toMatchObject([{ filename: 'profit.csv', size: bytes.length }]);
  const downloaded = await fetch(plain.attachments[0]?.url ?? '');
  expect(Buffer.from(await downloaded.arrayBuffer())).toEqual(bytes);
  const picture = { attachment: Buffer.from('png'), name: 'chart.png' };
  await channel.send({ embeds: [{ title: 'Chart', image: { url: 'attachment://chart.png' } }], files: [picture] });
  const shown = await on.discord.expectMessage(on.channel, /Chart/);
  expect(shown.attachments).toEqual([]);
  expect(on.discord.attachment(shown.embeds[0]?.image?.url ?? '').toString()).toBe('png');
  on.discord.assertClean();
  await channel.send({ embeds: [{ title: 'No chart', image: { url: 'attachment://other.png' } }] });
  expect(on.discord.takeViolations('missing picture')).toHaveLength(1);
});

it('hears what is said to it: in channels where it is mentioned, and in direct messages', async () => {
  await using on = await stage();
  const heard: string[] = [];
  on.client.on('messageCreate', (message) => {
    if (!message.author.bot) heard.push(message.content);
  });
  on.ada.say(on.channel, 'a secret');
  on.ada.say(on.channel, `<@${on.discord.applicationId}> profit`);
  on.ada.say(on.ada.directChannel(), 'status');
  await on.discord.until('three messages', () => heard.length === 3);
  expect(heard).toEqual(['', `<@${on.discord.applicationId}> profit`, 'status']);
  const user = await on.client.users.fetch(on.ada.id);
  await user.send('good morning');
  await on.discord.expectMessage(on.ada.directChannel(), /good morning/);
  on.discord.assertClean();
});

it('knows the places, the people and the history', async () => {
  await using on = await stage();
  const application = await on.client.application.fetch();
  expect([application.id, application.owner?.id]).toEqual([on.discord.applicationId, on.discord.owner.id]);
  const guild = await on.client.guilds.fetch(on.guild.id);
  expect((await guild.fetchOwner()).id).toBe(on.discord.owner.id);
  expect((await guild.members.fetch({ user: on.ada.id, force: true })).permissions.has('ManageGuild')).toBe(false);
  expect((await guild.roles.fetch()).size).toBe(2);
  expect((await guild.channels.fetch()).map((channel) => channel?.name)).toEqual(['ops']);
  expect((await guild.commands.fetch({ withLocalizations: true })).map(({ name }) => name)).toEqual(['fleet']);
  const channel = await guild.channels.fetch(on.channel.id);
  if (!channel?.isTextBased()) throw new Error('no channel to send to');
  await channel.sendTyping();
  const sent = await channel.send('incident');
  const thread = await sent.startThread({ name: 'rig a1' });
  await thread.send('more of it');
  await sent.edit('incident, resolved');
  expect((await channel.messages.fetch({ limit: 10 })).map(({ content }) => content)).toEqual(['incident, resolved']);
  await sent.delete();
  expect(on.discord.messages(on.channel)).toEqual([]);
  on.discord.denyPermission(on.channel, 'SEND_MESSAGES');
  const me = await guild.members.fetchMe();
  await on.discord.until('the overwrite', () => !channel.permissionsFor(me).has('SendMessages'));
  on.discord.deleteChannel(on.channel);
  await on.discord.until('the deletion', () => !guild.channels.cache.has(on.channel.id));
  on.discord.assertClean();
});

it('replays what a dropped connection missed', async () => {
  await using on = await stage({ command: (interaction) => interaction.reply('here') });
  const asked = on.discord.faults.dropWithMissedEvent(() => on.ada.slash(on.channel, profit));
  expect(asked.deliveries).toBe(0);
  expect(await asked.answer()).toMatchObject({ content: 'here' });
  expect(on.discord.identifies).toBe(1);
  expect(on.discord.log.frames.some(({ t, direction }) => t === 'RESUMED' && direction === 'out')).toBe(true);
  on.discord.assertClean();
});

it('reconnects when it is asked to, and identifies again where resuming is refused', async () => {
  await using on = await stage({ command: (interaction) => interaction.reply('here') });
  const sent = (name: string) => on.discord.log.frames.filter(({ t }) => t === name).length;
  on.discord.faults.requestReconnect();
  await on.discord.until('RESUMED', () => sent('RESUMED') === 1);
  on.discord.faults.refuseResumes();
  on.discord.faults.dropConnections();
  await on.discord.until('a second READY', () => sent('READY') === 2, 12_000);
  expect(on.discord.identifies).toBe(2);
  expect(await on.ada.slash(on.channel, profit).answer()).toMatchObject({ content: 'here' });
  on.discord.assertClean();
});

it('finds out about zombie connections, waits for a late hello and for a gateway that refuses', async () => {
  await using on = await stage({}, { heartbeatIntervalMs: 100 });
  const resumed = () => on.discord.log.frames.filter(({ t }) => t === 'RESUMED').length;
  on.discord.faults.freezeConnections();
  await on.discord.until('RESUMED after a zombie', () => resumed() === 1);
  const hello = on.discord.faults.holdHello();
  on.discord.faults.dropConnections();
  await on.discord.until('a connection without hello', () => on.discord.connections === 1);
  expect(resumed()).toBe(1);
  hello.release();
  await on.discord.until('RESUMED after hello', () => resumed() === 2);
  const refused = on.discord.faults.refuseConnections();
  on.discord.faults.dropConnections();
  await on.discord.connected(0);
  refused.release();
  await on.discord.until('RESUMED after refusals', () => resumed() === 3, 10_000);
  on.discord.assertClean();
});

it('waits out 429, tries 5xx again, and gives up its token after a 401', async () => {
  await using on = await stage();
  const channel = await on.client.channels.fetch(on.channel.id);
  if (!channel?.isSendable()) throw new Error('no channel to send to');
  const post = { method: 'POST', route: '/channels/:channel/messages' } as const;
  const limited = on.discord.faults.rest({ ...post, kind: '429 route', retryAfterSeconds: 0.05 });
  const broken = on.discord.faults.rest({ ...post, kind: '503', times: 2 });
  await channel.send('in the end');
  await on.discord.expectMessage(on.channel, /in the end/);
  expect([limited.hits, broken.hits]).toEqual([1, 2]);
  on.discord.faults.rest({ ...post, kind: 'apply then reset' });
  await channel.send({ content: 'once', nonce: 'once-1', enforceNonce: true }).catch(() => {});
  await channel.send({ content: 'once', nonce: 'once-1', enforceNonce: true });
  expect(on.discord.messages(on.channel).filter(({ content }) => content === 'once')).toHaveLength(1);
  on.discord.assertClean();
  on.discord.faults.rest({ ...post, kind: '401' });
  await expect(channel.send('no more')).rejects.toThrow();
  await expect(channel.send('no more')).rejects.toThrow();
  expect(on.discord.invalidRequests).toBe(2);
});

it('names an answer that comes too late, twice or never', async () => {
  const held = Promise.withResolvers<void>();
  let wait = false;
  await using on = await stage(
    {
      async command(interaction) {
        if (wait) await held.promise;
        await interaction.reply('here');
      },
    },
    { acknowledgeWithinMs: 300 },
  );
  on.discord.faults.repeatNextInteraction();
  const twice = on.ada.slash(on.channel, profit);
  await twice.answer();
  await on.discord.until('the second refusal', () => on.bot.errors.length === 1);
  on.discord.faults.unknownInteractions();
  on.ada.slash(on.channel, profit);
  await on.discord.until('the unknown interaction', () => on.bot.errors.length === 2);
  on.discord.assertClean();
  wait = true;
  const late = on.ada.slash(on.channel, profit);
  const deadlineMs = performance.now() + 320;
  await on.discord.until('the deadline', () => performance.now() > deadlineMs);
  expect(() => on.discord.assertClean()).toThrow('no acknowledgement: /fleet profit');
  held.resolve();
  await on.discord.until('the late refusal', () => on.bot.errors.length === 3);
  expect(late.acknowledgedMs).toBeNull();
  expect(on.discord.takeViolations('late acknowledgement')).toHaveLength(1);
  on.discord.assertClean();
});

it('lets nobody do what Discord’s client would not', async () => {
  await using on = await stage({ command: (interaction) => interaction.reply({ components: [whyRow()] }) });
  const { ada, channel } = on;
  expect(() => ada.slash(channel, { command: 'farm' })).toThrow('not registered');
  expect(() => ada.slash(channel, { command: 'fleet' })).toThrow('needs one of profit, rig');
  expect(() => ada.slash(channel, { command: 'fleet', subcommand: 'mine' })).toThrow('there is no mine');
  expect(() => ada.slash(channel, { command: 'fleet', subcommand: 'rig' })).toThrow('needs name');
  expect(() => ada.slash(channel, { ...profit, options: { site: 5 } })).toThrow('it is text');
  expect(() => ada.slash(channel, { ...profit, options: { window: '9d' } })).toThrow('its choices are now');
  expect(() => ada.slash(channel, { ...profit, options: { farm: 'x' } })).toThrow('has no option farm');
  const answer = await ada.slash(channel, profit).answer();
  expect(() => ada.click(answer, 'How')).toThrow('it has Why (why:1)');
});
