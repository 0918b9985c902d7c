import { createDiscordAdapter, type DiscordAdapter } from '../../adapters/discord/discord.ts';
import type { Pace } from '../../adapters/discord/pace.ts';
import type { PlatformSettings } from '../../src/domain/chat-settings.ts';
import type { ImageRenderer, PictureRequest } from '../../src/ports/image.ts';
import {
  type DiscordEmulator,
  type DiscordEmulatorOptions,
  startDiscordEmulator,
} from '../emulators/discord/emulator.ts';
import type { Channel, Guild } from '../emulators/discord/state.ts';
import type { DiscordUser } from '../emulators/discord/users.ts';
import { FakeChatHost } from '../support/chat-host.ts';
import { recordingLog } from '../support/recording-log.ts';

/** Everything that waits, waits for less: what is tested is that it waits and goes on. */
export const quickPace = {
  requestLimitMs: 1_500,
  // On a busy machine the emulator itself may take long.
  acknowledgeLimitMs: 2_500,
  firstRetryMs: 20,
  mostRetryMs: 100,
  firstLoginRetryMs: 20,
  mostLoginRetryMs: 100,
  hopelessRetryMs: 150,
  stuckMs: 60_000,
  identifyGapMs: 0,
  presenceMs: 50,
  registrationRetryMs: 100,
  stopLimitMs: 500,
} satisfies Pace;

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A renderer that draws one dot, or fails. */
export class FakeImage implements ImageRenderer {
  readonly asked: PictureRequest[] = [];
  fails = false;

  async png(request: PictureRequest): Promise<Uint8Array> {
    this.asked.push(request);
    if (this.fails) throw new Error('no picture today');
    return png;
  }

  async close(): Promise<void> {}
}

/** The adapter in a guild with one channel and one member. */
export interface DiscordBot extends AsyncDisposable {
  readonly discord: DiscordEmulator;
  readonly adapter: DiscordAdapter;
  readonly host: FakeChatHost;
  readonly image: FakeImage;
  readonly log: ReturnType<typeof recordingLog>;
  readonly guild: Guild;
  readonly channel: Channel;
  readonly ada: DiscordUser;
}

export interface BotOptions {
  readonly emulator?: DiscordEmulatorOptions;
  readonly settings?: Partial<PlatformSettings>;
  readonly pace?: Partial<Pace>;
  readonly host?: FakeChatHost;
  readonly token?: string;
  /** Before the adapter starts. */
  readonly prepare?: (discord: DiscordEmulator, guild: Guild) => void;
}

/** Prepared, not started. */
export async function prepareBot(options: BotOptions = {}): Promise<DiscordBot> {
  const discord = await startDiscordEmulator(options.emulator);
  const guild = discord.addGuild('Farm');
  const channel = discord.addChannel(guild, 'ops');
  const ada = discord.addMember(guild, { name: 'ada' });
  options.prepare?.(discord, guild);
  const host = options.host ?? new FakeChatHost();
  const image = new FakeImage();
  const log = recordingLog();
  const adapter = createDiscordAdapter({
    ...{ host, image, log },
    token: options.token ?? discord.token,
    apiUrl: discord.apiUrl,
    settings: { admins: [], operators: [], adminChannel: null, ...options.settings },
    clock: { now: options.emulator?.now ?? Date.now },
    demo: false,
    pace: { ...quickPace, ...options.pace },
  });
  return {
    ...{ discord, adapter, host, image, log, guild, channel, ada },
    async [Symbol.asyncDispose]() {
      await adapter.stop();
      await discord[Symbol.asyncDispose]();
    },
  };
}

/** Connected, and `/fleet` registered. */
export async function startBot(options: BotOptions = {}): Promise<DiscordBot> {
  const bot = await prepareBot(options);
  await bot.adapter.start();
  await bot.discord.until('the adapter is connected', () => bot.adapter.connected());
  await bot.discord.until('commands are registered', () => bot.discord.commands(bot.guild).length > 0);
  return bot;
}
