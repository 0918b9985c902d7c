import { writeLine } from '../src/chat/write-line.ts';
import { startSlackEmulator } from '../test/emulators/slack/emulator.ts';
import type { Interaction } from '../test/emulators/slack/interaction.ts';
import type { Answered, Posted, Stage, StageSize } from './chat-stage.ts';

const connectLimitMs = 20_000;
const signingSecret = 'signing-secret-of-the-emulator';

interface Asked {
  readonly interaction: Interaction;
  /** Unix ms. */
  readonly atMs: number;
  /** As answers name it. */
  readonly number: number | undefined;
}

/** Slack: answers through response_urls are not limited, messages in a channel are: four at once, then one a second. */
export async function slackStage({ people, channels }: StageSize, mode: 'socket' | 'http'): Promise<Stage> {
  const places = Array.from({ length: channels }, (_, index) => ({ id: `C0OPS${index}`, name: `ops-${index}` }));
  const users = Array.from({ length: people }, (_, index) => ({ id: `U0PERSON${index}`, name: `person-${index}` }));
  const slack = await startSlackEmulator({ users, channels: places });
  const asked: Asked[] = [];
  /** Unix ms, by the number of what they answer. */
  const answerTimes = new Map<number, number[]>();
  let changesRead = 0;

  /** Answers to commands come through their response_urls. */
  function readChanges(): void {
    for (const { kind, message } of slack.state.changes.slice(changesRead)) {
      if (kind !== 'posted' || message?.interaction === null || message?.interaction === undefined) continue;
      answerTimes.set(message.interaction, [...(answerTimes.get(message.interaction) ?? []), timeOf(message.ts)]);
    }
    changesRead = slack.state.changes.length;
  }

  async function answered({ interaction, atMs, number }: Asked): Promise<Answered> {
    const times = answerTimes.get(number ?? Number.NaN) ?? [];
    const acknowledgement = await interaction.acknowledged(1).catch(() => null);
    return {
      acknowledgedMs: acknowledgement?.afterMs ?? null,
      answeredMs: times.length === 0 ? null : Math.min(...times) - atMs,
      answers: times.length,
    };
  }

  const token =
    mode === 'socket' ? { SLACK_APP_TOKEN: slack.appToken } : { SLACK_SIGNING_SECRET: signingSecret, PUBLIC_PORT: '0' };
  return {
    platform: 'slack',
    channels: places.map(({ id }) => id),
    env: { SLACK_BOT_TOKEN: slack.botToken, SLACK_API_URL: slack.apiUrl, ...token },
    async connected(requestUrl) {
      if (mode === 'socket') {
        await slack.until(() => slack.socketMode.connections() > 0, connectLimitMs, 'connected socket');
      } else if (requestUrl === null) throw new Error('the bot told no address for what Slack sends');
      else slack.httpMode({ requestUrl, signingSecret });
    },
    ask(person, channel, { command, options }) {
      const atMs = Date.now();
      const interaction = slack
        .person(`person-${person}`)
        .slash(`ops-${channel}`, `/fleet ${writeLine(command, options)}`);
      const responseUrl = String(interaction.payload['response_url']);
      const number = slack.state.responseUrls.get(responseUrl.split('/').at(-1) ?? '')?.interaction;
      asked.push({ interaction, atMs, number });
    },
    mention(person, channel, { command, options }) {
      slack.person(`person-${person}`).mention(`ops-${channel}`, writeLine(command, options));
    },
    answered() {
      readChanges();
      return asked.filter(({ number }) => answerTimes.has(number ?? Number.NaN)).length;
    },
    async answers() {
      readChanges();
      return await Promise.all(asked.map(answered));
    },
    posts: (channel): readonly Posted[] =>
      slack
        .messages(`ops-${channel}`)
        // A file that belongs to an answer is a message of its own.
        .filter(({ byBot, interaction, fileIds }) => byBot && interaction === null && fileIds.length === 0)
        .map(({ ts, text, blocks }) => ({ atMs: timeOf(ts), text: `${text} ${JSON.stringify(blocks)}` })),
    wrong: () => [
      ...slack.violations().map(({ kind, detail }) => `${kind}: ${detail}`),
      ...slack.unhandledRoutes().map((route) => `unhandled route: ${route}`),
    ],
    [Symbol.asyncDispose]: () => slack[Symbol.asyncDispose](),
  };
}

/** Messages are named for when they came. */
function timeOf(ts: string): number {
  return Number(ts) * 1_000;
}
