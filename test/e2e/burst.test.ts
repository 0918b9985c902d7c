import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { burstOn, programs } from '../../bench/chat.ts';
import type { BurstFigures } from '../../bench/chat-burst.ts';
import { discordStage } from '../../bench/chat-discord.ts';
import { slackStage } from '../../bench/chat-slack.ts';
import type { Stage, StageSize } from '../../bench/chat-stage.ts';
import { type ServedFarm, serveFarm } from '../../bench/children.ts';

/** The short form of the bench's burst: the real bot in a process of its own, everybody asks everything at once. */

const size = { people: 40, commandsEach: 5, channels: 4, mentionsPerBusyChannel: 5, pages: 4 };

const platforms: readonly { name: string; open: (size: StageSize) => Promise<Stage> }[] = [
  // Five messages a channel as on Discord, in less time.
  {
    name: 'Discord',
    open: (stage) =>
      discordStage(stage, { routes: { 'POST /channels/:channel/messages': { limit: 5, windowMs: 1_500 } } }),
  },
  { name: 'Slack, Socket Mode', open: (stage) => slackStage(stage, 'socket') },
  { name: 'Slack, HTTP', open: (stage) => slackStage(stage, 'http') },
];

let farm: ServedFarm;

beforeAll(async () => {
  farm = await serveFarm({ rigs: 20, gpus: 4, seed: 1, at: '2026-10-01T12:00:00Z' });
});
afterAll(() => farm?.stop());

describe.each(platforms)('200 commands at once: $name', ({ open }) => {
  let figures: BurstFigures;

  beforeAll(async () => {
    figures = await burstOn(open, programs.bot, size, { FARM_URL: farm.url });
  }, 60_000);

  it('are acknowledged in time', () => {
    const unacknowledged = figures.answers.filter(({ acknowledgedMs }) => acknowledgedMs === null);
    expect(figures.answers).toHaveLength(200);
    expect(unacknowledged).toEqual([]);
    // What comes late is a violation.
    expect(figures.wrong).toEqual([]);
  });

  it('are answered once each, and so are messages', () => {
    expect(figures.answers.filter(({ answers }) => answers !== 1)).toEqual([]);
    expect(figures.mentions).toEqual({ asked: 10, answered: 10 });
  });

  it('are overtaken by pages', () => {
    expect(figures.lostPages).toBe(0);
    expect(figures.pages).toHaveLength(4);
    // The one that was on its way when the page came.
    for (const { answersBefore } of figures.pages) expect(answersBefore).toBeLessThanOrEqual(1);
  });
});
