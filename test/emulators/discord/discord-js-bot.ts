import {
  ActivityType,
  type AutocompleteInteraction,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  Client,
  type ClientOptions,
  GatewayIntentBits,
  type Guild,
  type Interaction,
  type ModalSubmitInteraction,
  Partials,
  type StringSelectMenuInteraction,
} from 'discord.js';
import type { DiscordEmulator } from './emulator.ts';

/** What the small bot does; whatever is missing is not answered. */
export interface BotHandlers {
  readonly command?: (interaction: ChatInputCommandInteraction) => Promise<unknown>;
  readonly autocomplete?: (interaction: AutocompleteInteraction) => Promise<unknown>;
  readonly button?: (interaction: ButtonInteraction) => Promise<unknown>;
  readonly select?: (interaction: StringSelectMenuInteraction) => Promise<unknown>;
  readonly modal?: (interaction: ModalSubmitInteraction) => Promise<unknown>;
}

export interface DiscordJsBot extends AsyncDisposable {
  readonly client: Client<true>;
  /** What its handlers threw. */
  readonly errors: readonly unknown[];
}

export const fleetCommand = {
  name: 'fleet',
  description: 'The fleet',
  options: [
    {
      type: 1,
      name: 'profit',
      description: 'Mine, rent, off',
      options: [
        { type: 3, name: 'site', description: 'Of a site', autocomplete: true },
        { type: 3, name: 'window', description: 'Over', choices: [{ name: 'now', value: 'now' }] },
      ],
    },
    {
      type: 1,
      name: 'rig',
      description: 'A rig',
      options: [{ type: 3, name: 'name', description: 'Its', required: true }],
    },
  ],
};

/** The real discord.js against the emulator, with `/fleet` registered in every guild. */
export async function startDiscordJsBot(
  discord: DiscordEmulator,
  handlers: BotHandlers = {},
  options: Partial<ClientOptions> = {},
): Promise<DiscordJsBot> {
  const { Guilds, GuildMessages, DirectMessages } = GatewayIntentBits;
  const client = new Client({
    intents: [Guilds, GuildMessages, DirectMessages],
    partials: [Partials.Channel],
    presence: { activities: [{ name: 'starting', type: ActivityType.Watching }] },
    ...options,
    rest: { ...options.rest, api: discord.apiUrl },
  });
  const errors: unknown[] = [];
  client.on('error', (error) => void errors.push(error));
  client.on('interactionCreate', (interaction) => {
    handle(interaction, handlers)?.catch((error: unknown) => void errors.push(error));
  });
  const ready = new Promise<Client<true>>((resolve) => client.once('clientReady', resolve));
  await client.login(discord.token);
  const readyClient = await ready;
  for (const guild of readyClient.guilds.cache.values()) await register(guild);
  return {
    client: readyClient,
    errors,
    [Symbol.asyncDispose]: () => client.destroy(),
  };
}

async function register(guild: Guild): Promise<void> {
  await guild.commands.set([fleetCommand]);
}

function handle(interaction: Interaction, handlers: BotHandlers): Promise<unknown> | undefined {
  if (interaction.isChatInputCommand()) return handlers.command?.(interaction);
  if (interaction.isAutocomplete()) return handlers.autocomplete?.(interaction);
  if (interaction.isButton()) return handlers.button?.(interaction);
  if (interaction.isStringSelectMenu()) return handlers.select?.(interaction);
  if (interaction.isModalSubmit()) return handlers.modal?.(interaction);
  return undefined;
}
