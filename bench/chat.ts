import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BurstFigures, type BurstSize, runBurst } from './chat-burst.ts';
import { discordStage } from './chat-discord.ts';
import { startChatProcess } from './chat-process.ts';
import { slackStage } from './chat-slack.ts';
import type { Stage, StageSize } from './chat-stage.ts';
import { serveFarm } from './children.ts';

/** 1,000 commands at once. */
const size = { people: 200, commandsEach: 5, channels: 20, mentionsPerBusyChannel: 8, pages: 20 } satisfies BurstSize;
const farm = { rigs: 100, gpus: 8, seed: 1 } as const;

/** The bot, and beside it the least that answers with the vendor's client. */
export interface ChatComparison {
  readonly name: string;
  /** What the emulator refuses too much of, as the platform does. */
  readonly limits: string;
  readonly bot: BurstFigures;
  readonly empty: BurstFigures;
}

interface Platform extends Pick<ChatComparison, 'name' | 'limits'> {
  open(size: StageSize): Promise<Stage>;
}

const slackLimits =
  'messages: 4 at once in a channel, then 1 a second; not limited: answers to commands; unlike Slack: users.info, files';

const platforms: readonly Platform[] = [
  {
    name: 'Discord',
    limits: 'messages: 5 in 5 s in a channel, 50 requests a second; not limited: answers to commands',
    open: (stage) => discordStage(stage),
  },
  { name: 'Slack, Socket Mode', limits: slackLimits, open: (stage) => slackStage(stage, 'socket') },
  { name: 'Slack, HTTP', limits: slackLimits, open: (stage) => slackStage(stage, 'http') },
];

/** What runs in a process of its own. */
export const programs = {
  bot: new URL('./chat-bot.ts', import.meta.url),
  empty: new URL('./chat-empty-bot.ts', import.meta.url),
} as const;

/** Each platform's emulator here, each bot in a process of its own, one after another. */
export async function compareChats(): Promise<readonly ChatComparison[]> {
  const simulator = await serveFarm({ ...farm, at: new Date().toISOString() });
  try {
    const comparisons: ChatComparison[] = [];
    for (const { name, limits, open } of platforms) {
      const empty = await burstOn(open, programs.empty, { ...size, pages: 0 }, {});
      const bot = await burstOn(open, programs.bot, size, { FARM_URL: simulator.url });
      comparisons.push({ name, limits, bot, empty });
    }
    return comparisons;
  } finally {
    await simulator.stop();
  }
}

export async function burstOn(
  open: (size: StageSize) => Promise<Stage>,
  program: URL,
  burst: BurstSize,
  env: Readonly<Record<string, string>>,
): Promise<BurstFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'rigshift-chat-'));
  try {
    await using stage = await open({ people: burst.people + 1, channels: burst.channels + 1 });
    const database = `sqlite:${join(folder, 'chat.db')}`;
    await using bot = await startChatProcess(program, { ...env, ...stage.env, DATABASE_URL: database });
    return await runBurst(stage, bot, burst);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
