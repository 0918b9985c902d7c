import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DiscordEmulator, startDiscordEmulator, textOf } from '../emulators/discord/emulator.ts';
import type { Channel, Guild } from '../emulators/discord/state.ts';
import { type SlackEmulator, startSlackEmulator } from '../emulators/slack/emulator.ts';
import { type ChatFarm, startChatFarm, untilReady } from '../support/chat-program.ts';
import type { Rigshift } from '../support/run-rigshift.ts';
import { discordEnv } from './discord-farm.ts';
import { slackEnv } from './slack-farm.ts';

/** Both platforms at once, and what the program says there unasked: once, even where it is killed while it says it. */

let farm: ChatFarm;

beforeAll(async () => {
  farm = await startChatFarm();
}, 30_000);

afterAll(() => farm?.[Symbol.asyncDispose]());

let databases = 0;

function newDatabase(): string {
  databases += 1;
  return `sqlite:outbox-${databases}.db`;
}

/** Two platforms, on each places where the bot is not let speak, and the admins' direct messages; and what it remembers. */
class Platforms implements AsyncDisposable {
  readonly discord: DiscordEmulator;
  readonly slack: SlackEmulator;
  readonly guild: Guild;
  readonly database = newDatabase();
  readonly admins: { readonly discord: Channel; readonly slack: string };

  constructor(discord: DiscordEmulator, slack: SlackEmulator) {
    this.discord = discord;
    this.slack = slack;
    this.guild = discord.addGuild('Farm');
    const slackAdmins = slack.state.openDirectMessage(slack.person('olivia').user.id).id;
    this.admins = { discord: discord.owner.directChannel(), slack: slackAdmins };
  }

  static async open(): Promise<Platforms> {
    const channels = ['farm', 'old', 'older'].map((name) => ({ id: `C0${name.toUpperCase()}`, name }));
    return new Platforms(await startDiscordEmulator(), await startSlackEmulator({ channels }));
  }

  async start(): Promise<Rigshift> {
    const platforms = { ...discordEnv(this.discord), ...slackEnv(this.slack, 'socket') };
    const program = farm.start({ env: { ...platforms, DATABASE_URL: this.database } });
    await untilReady(program);
    await this.discord.until('commands are registered', () => this.discord.commands(this.guild).length > 0);
    return program;
  }

  /** Asks where no answer can be said; returns what the admins' notice is known by. */
  askInDiscord(channel: Channel): string {
    this.discord.denyPermission(channel, 'SEND_MESSAGES');
    this.discord.addMember(this.guild, { name: 'ada' }).say(channel, `<@${this.discord.applicationId}> status`);
    return `may not write in channel ${channel.id} on Discord`;
  }

  askInSlack(id: string): string {
    this.slack.fault({ kind: 'refusal', error: 'is_archived', method: 'chat.postMessage', times: 1 });
    this.slack.person('alice').mention(id, 'status');
    return `Channel ${id} on Slack is archived`;
  }

  /** How often the admins of each platform were told that. */
  told(notice: string): number {
    const onDiscord = this.discord.messages(this.admins.discord).map(textOf);
    const onSlack = this.slack.messages(this.admins.slack).map(({ text }) => text);
    return [...onDiscord, ...onSlack].filter((text) => text.includes(notice)).length;
  }

  async untilTold(...notices: readonly string[]): Promise<void> {
    const isTold = () => notices.every((notice) => this.told(notice) > 0);
    await this.discord.until(`the notices ${notices}`, isTold, 15_000);
  }

  async assertClean(): Promise<void> {
    this.discord.assertClean();
    await this.slack.assertClean();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.discord[Symbol.asyncDispose]();
    await this.slack[Symbol.asyncDispose]();
  }
}

it('both platforms are answered at once; what may not be said is told to the admins, once', async () => {
  await using both = await Platforms.open();
  await using program = await both.start();
  const ops = both.discord.addChannel(both.guild, 'ops');
  const ada = both.discord.addMember(both.guild, { name: 'ada' });
  const answers = await Promise.all([
    ada.slash(ops, { command: 'fleet', subcommand: 'status' }).answer(),
    both.slack.person('alice').slash('farm', '/fleet status').answer(),
  ]);
  expect(answers.map((answer) => ('text' in answer ? answer.text : answer.content))).toEqual([
    expect.stringContaining('The fleet: '),
    expect.stringContaining('The fleet: '),
  ]);
  const first = [both.askInDiscord(ops), both.askInSlack('C0OLD')];
  await both.untilTold(...first);
  both.askInDiscord(ops);
  both.askInSlack('C0OLD');
  // The admins are told in order: when they know of these, nothing more comes of those.
  const elsewhere = both.discord.addChannel(both.guild, 'elsewhere');
  const later = [both.askInDiscord(elsewhere), both.askInSlack('C0OLDER')];
  await both.untilTold(...later);
  expect([...first, ...later].map((notice) => both.told(notice))).toEqual([1, 1, 1, 1]);
  expect(program.stderr()).not.toContain('"level":"error"');
  await both.assertClean();
}, 40_000);

const faultKinds = ['hang', 'apply then reset'] as const;

it.each(faultKinds)('killed while it tells the admins (%s): they are told once', killedWhileTelling, 60_000);

async function killedWhileTelling(kind: (typeof faultKinds)[number]): Promise<void> {
  await using both = await Platforms.open();
  await using killed = await both.start();
  const mute = both.discord.addChannel(both.guild, 'mute');
  const path = new RegExp(`/channels/${both.admins.discord.id}/messages$`);
  const onDiscord = both.discord.faults.rest({ kind, method: 'POST', route: path, times: Number.POSITIVE_INFINITY });
  const notices = [both.askInDiscord(mute), both.askInSlack('C0OLD')];
  const onSlack = both.slack.fault({ kind, method: 'chat.postMessage' });
  const counts = () => notices.map((notice) => both.told(notice));
  if (kind === 'apply then reset') await both.untilTold(...notices);
  // On Slack the asker is answered directly, too.
  else await both.discord.until('both are being told', () => onDiscord.hits > 0 && onSlack.hits() > 1);
  killed.kill('SIGKILL');
  await killed.ended;
  expect(counts()).toEqual(kind === 'hang' ? [0, 0] : [1, 1]);
  onDiscord.release();
  onSlack.release();

  await using program = await both.start();
  await both.untilTold(...notices);
  const elsewhere = both.discord.addChannel(both.guild, 'elsewhere');
  const later = [both.askInDiscord(elsewhere), both.askInSlack('C0OLDER')];
  await both.untilTold(...later);
  expect([...notices, ...later].map((notice) => both.told(notice))).toEqual([1, 1, 1, 1]);
  expect(program.stderr()).not.toContain('"level":"error"');
  await both.assertClean();
}
