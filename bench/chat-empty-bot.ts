import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { Client, GatewayIntentBits } from 'discord.js';
import { defineCommands } from '../adapters/discord/commands-definition.ts';
import { commands } from '../commands/index.ts';
import { runUntilStopped } from '../src/jobs/shutdown.ts';
import type { Log } from '../src/ports/log.ts';
import { obeyBench, tell } from './chat-child.ts';

/*
 * The least that answers on a platform: the vendor's client and one fixed sentence, said with the same calls (acknowledge,
 * then answer). What the bot takes longer than this is its own.
 */

const sentence = '96 rigs: 700 GPUs mining, 40 idle, 28 offline';
const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

const { DISCORD_TOKEN, DISCORD_API_URL, SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, SLACK_API_URL } =
  process.env;

interface Started {
  readonly requestUrl: string | null;
  stop(): Promise<void>;
}

const started = DISCORD_TOKEN === undefined ? await startBolt() : await startDiscordJs(DISCORD_TOKEN);
const orphaned = obeyBench(() => undefined);
const ended = runUntilStopped({ finished: orphaned, log: silent, stop: () => started.stop() });
tell({ kind: 'started', rigs: [], requestUrl: started.requestUrl });
process.exitCode = await ended;
process.exit();

async function startDiscordJs(token: string): Promise<Started> {
  const { Guilds, GuildMessages } = GatewayIntentBits;
  // Interactions are not bound to the 50 requests a second that discord.js keeps.
  const rest = { api: DISCORD_API_URL ?? '', globalRequestsPerSecond: Number.POSITIVE_INFINITY };
  const client = new Client({ intents: [Guilds, GuildMessages], rest });
  // What comes too late is refused, and missing in the figures.
  client.on('error', () => undefined);
  client.on('interactionCreate', async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.deferReply();
    await interaction.editReply(sentence);
  });
  client.on('messageCreate', async (message) => {
    if (!message.author.bot) await message.reply(sentence);
  });
  const ready = new Promise<Client<true>>((resolve) => client.once('clientReady', resolve));
  await client.login(token);
  const english = (text: string) => text;
  const definition = defineCommands(commands, { en: english, fr: english });
  for (const guild of (await ready).guilds.cache.values()) await guild.commands.set([definition]);
  return { requestUrl: null, stop: () => client.destroy() };
}

async function startBolt(): Promise<Started> {
  const clientOptions = { slackApiUrl: SLACK_API_URL ?? '' };
  const receiver =
    SLACK_APP_TOKEN === undefined
      ? new HTTPReceiver({ signingSecret: SLACK_SIGNING_SECRET ?? '', logLevel: LogLevel.ERROR })
      : new SocketModeReceiver({
          appToken: SLACK_APP_TOKEN,
          logLevel: LogLevel.ERROR,
          installerOptions: { clientOptions: { ...clientOptions } },
        });
  const app = new App({ token: SLACK_BOT_TOKEN ?? '', receiver, clientOptions, logLevel: LogLevel.ERROR });
  app.command('/fleet', async ({ ack, respond }) => {
    await ack();
    await respond({ text: sentence, response_type: 'in_channel' });
  });
  app.event('app_mention', async ({ say }) => {
    await say(sentence);
  });
  if (receiver instanceof SocketModeReceiver) {
    await app.start();
    return { requestUrl: null, stop: async () => void (await app.stop()) };
  }
  const server = await receiver.start({ port: 0, host: '127.0.0.1' });
  const { port } = server.address() as AddressInfo;
  return {
    requestUrl: `http://127.0.0.1:${port}/slack/events`,
    stop: async () => void (await receiver.stop()),
  };
}
