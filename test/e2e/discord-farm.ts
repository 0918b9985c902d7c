import { expect } from 'vitest';
import {
  type DiscordEmulator,
  type DiscordEmulatorOptions,
  startDiscordEmulator,
} from '../emulators/discord/emulator.ts';
import type { Channel, Guild } from '../emulators/discord/state.ts';
import { type ChatFarm, type ChatProgramOptions, startChatFarm } from '../support/chat-program.ts';
import type { Rigshift } from '../support/run-rigshift.ts';

/** The program on an emulated Discord, with one guild and one channel in it. */
export interface DiscordFarm extends AsyncDisposable {
  readonly farm: ChatFarm;
  readonly discord: DiscordEmulator;
  readonly guild: Guild;
  readonly channel: Channel;
  readonly program: Rigshift;
  /** Fails where Discord or the program's log have something to complain of. */
  clean(): void;
}

export interface DiscordFarmOptions {
  readonly emulator?: DiscordEmulatorOptions;
  readonly program?: Omit<ChatProgramOptions, 'env'>;
  /** Before the program starts. */
  readonly prepare?: (discord: DiscordEmulator, guild: Guild) => Omit<ChatProgramOptions, 'env'>;
}

/** Settles when `/fleet` can be used. */
export async function startDiscordFarm(options: DiscordFarmOptions = {}): Promise<DiscordFarm> {
  await using opened = new AsyncDisposableStack();
  const farm = opened.use(await startChatFarm());
  const discord = opened.use(await startDiscordEmulator(options.emulator));
  const guild = discord.addGuild('Farm');
  const channel = discord.addChannel(guild, 'ops');
  const prepared = options.prepare?.(discord, guild);
  const program = opened.use(farm.start({ env: discordEnv(discord), ...options.program, ...prepared }));
  await discord.until('commands are registered', () => discord.commands(guild).length > 0, 15_000);
  const parts = opened.move();
  return {
    ...{ farm, discord, guild, channel, program },
    clean() {
      discord.assertClean();
      expect(program.stderr()).not.toContain('"level":"error"');
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

export function discordEnv(discord: DiscordEmulator): Readonly<Record<string, string>> {
  return { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl };
}
