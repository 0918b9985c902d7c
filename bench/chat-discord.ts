import { writeLine } from '../src/chat/write-line.ts';
import { type DiscordEmulatorOptions, startDiscordEmulator } from '../test/emulators/discord/emulator.ts';
import type { InteractionHandle } from '../test/emulators/discord/interactions.ts';
import type { Answered, Posted, Stage, StageSize } from './chat-stage.ts';

const connectLimitMs = 20_000;

/** A busy bot that waits long for Discord's answer acknowledges a second time, to be sure; the first one counts. */
const ACKNOWLEDGED_BEFORE = '400 40060';

/** Discord: answers to commands are not limited per channel, messages in a channel are: five in five seconds. */
export async function discordStage(
  { people, channels }: StageSize,
  limits: DiscordEmulatorOptions['rateLimits'] = {},
): Promise<Stage> {
  const discord = await startDiscordEmulator({ rateLimits: limits });
  const guild = discord.addGuild('Farm');
  const places = Array.from({ length: channels }, (_, index) => discord.addChannel(guild, `ops-${index}`));
  const members = Array.from({ length: people }, (_, index) => discord.addMember(guild, { name: `person-${index}` }));
  const asked: InteractionHandle[] = [];

  /** When answers were first taken, Unix ms, by the token of what they answer. A second time changes what stands there. */
  function answerTimes(): ReadonlyMap<string, number> {
    const times = new Map<string, number>();
    for (const { route, status, path, atMs } of discord.log.requests) {
      if (route !== '/webhooks/:application/:token/messages/@original' || status !== 200) continue;
      const token = path.split('/')[3] ?? '';
      if (!times.has(token)) times.set(token, atMs);
    }
    return times;
  }

  return {
    platform: 'discord',
    channels: places.map(({ id }) => id),
    env: { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl },
    async connected() {
      await discord.connected(1, connectLimitMs);
      await discord.until('registered commands', () => discord.commands(guild).length > 0, connectLimitMs);
    },
    ask(person, channel, { command, options }) {
      const [member, place] = [at(members, person), at(places, channel)];
      asked.push(member.slash(place, { command: 'fleet', subcommand: command, options }));
    },
    mention(person, channel, { command, options }) {
      const line = writeLine(command, options);
      at(members, person).say(at(places, channel), `<@${discord.state.bot.id}> ${line}`);
    },
    answered: () => asked.filter(({ interaction }) => interaction.answered).length,
    async answers() {
      const times = answerTimes();
      return asked.map(({ interaction, acknowledgedMs }): Answered => {
        const { token, answered, followups } = interaction;
        const atMs = times.get(token);
        const startedMs = performance.timeOrigin + interaction.startedMs;
        return {
          acknowledgedMs,
          answeredMs: atMs === undefined ? null : Math.max(0, atMs - startedMs),
          answers: Number(answered) + followups.length,
        };
      });
    },
    posts: (channel): readonly Posted[] =>
      Array.from(discord.state.messages.get(at(places, channel).id)?.values() ?? [])
        .filter(({ json }) => json.author.id === discord.state.bot.id && json.interaction_metadata === undefined)
        .map(({ json }) => ({ atMs: Date.parse(json.timestamp), text: json.content })),
    wrong: () => [
      ...discord
        .violations()
        .filter(({ detail }) => !detail.includes(ACKNOWLEDGED_BEFORE))
        .map(({ kind, detail }) => `${kind}: ${detail}`),
      ...discord.unhandledRoutes().map((route) => `unhandled route: ${route}`),
    ],
    [Symbol.asyncDispose]: () => discord[Symbol.asyncDispose](),
  };
}

function at<T>(all: readonly T[], index: number): T {
  const found = all[index];
  if (found === undefined) throw new Error(`there is no ${index}th of ${all.length}`);
  return found;
}
