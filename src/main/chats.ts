import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config/parse.ts';
import type { ChatAdapter, ChatHost } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { ImageRenderer } from '../ports/image.ts';
import type { Log } from '../ports/log.ts';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** The chat platforms that are configured. */
export interface Platforms {
  readonly adapters: readonly ChatAdapter[];
  /** Takes what Slack sends where it sends it over HTTP; null where it does not. */
  readonly slackListener: Listener | null;
  close(): Promise<void>;
}

export interface PlatformsPorts {
  readonly host: ChatHost;
  readonly clock: Clock;
  readonly log: Log;
  readonly demo: boolean;
}

/** Opens what is configured; a platform that is down keeps nothing from starting, its adapter goes on connecting. */
export async function openPlatforms({ environment, chat }: Config, ports: PlatformsPorts): Promise<Platforms> {
  const { discordToken, slackBotToken } = environment;
  if (discordToken === null && slackBotToken === null) {
    return { adapters: [], slackListener: null, close: async () => {} };
  }
  const { createImageRenderer } = await import('../../adapters/image/image-renderer.ts');
  const image = createImageRenderer({ log: ports.log.child({ part: 'image' }) });
  const adapters: ChatAdapter[] = [];
  if (discordToken !== null) {
    const { createDiscordAdapter } = await import('../../adapters/discord/discord.ts');
    const log = ports.log.child({ platform: 'discord' });
    const apiUrl = environment.discordApiUrl;
    adapters.push(createDiscordAdapter({ ...ports, log, image, token: discordToken, apiUrl, settings: chat.discord }));
  }
  const slack = slackBotToken === null ? null : await openSlack(slackBotToken, environment, chat.slack, image, ports);
  if (slack !== null) adapters.push(slack);
  return { adapters, slackListener: slack?.requestListener ?? null, close: () => image.close() };
}

async function openSlack(
  botToken: string,
  { slackAppToken, slackSigningSecret, slackApiUrl }: Config['environment'],
  settings: Config['chat']['slack'],
  image: ImageRenderer,
  ports: PlatformsPorts,
) {
  const { createSlackAdapter } = await import('../../adapters/slack/slack.ts');
  const log = ports.log.child({ platform: 'slack' });
  return createSlackAdapter({ ...ports, log, image, settings, botToken, apiUrl: slackApiUrl, mode: slackMode() });

  // Socket Mode needs no public address, so it goes before HTTP where both are possible.
  function slackMode() {
    if (slackAppToken !== null) return { kind: 'socket', appToken: slackAppToken } as const;
    if (slackSigningSecret !== null) return { kind: 'http', signingSecret: slackSigningSecret } as const;
    throw new Error('Slack without app token and signing secret passed the configuration');
  }
}
