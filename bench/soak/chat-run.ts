import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openStore } from '../../adapters/store/open-store.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { serveFarm } from '../children.ts';
import { ChatCommands, type CommandFigures, calmAfterMs } from './chat-commands.ts';
import { discordSide } from './chat-discord.ts';
import { ChatKeeper } from './chat-keeper.ts';
import { Outages } from './chat-outages.ts';
import { planEnds, planFaults } from './chat-plan.ts';
import { ChatPosts, type PostFigures } from './chat-posts.ts';
import type { Side } from './chat-side.ts';
import { slackSide } from './chat-slack.ts';
import { ChatWatch } from './chat-watch.ts';
import { Draw } from './draw.ts';
import type { Violations } from './violations.ts';

export interface ChatSoakOptions {
  readonly seed: number;
  readonly seconds: number;
  /** For the database. */
  readonly folder: string;
}

export interface ChatSoakFigures {
  readonly seconds: number;
  /** How often what happened, by platform; `bot` for the bot's ends. */
  readonly disturbances: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly bot: ChatKeeper;
  readonly posts: PostFigures;
  readonly asked: ReadonlyMap<string, number>;
  readonly commands: CommandFigures;
  /** What platforms refused and a bot could not know, by its reason. */
  readonly excused: ReadonlyMap<string, number>;
  readonly settledAfterMs: number;
}

const topics = { discord: 211, slack: 212, posts: 213 } as const;
const farm = { rigs: 40, gpus: 4, seed: 1 } as const;
/** Of the time; afterwards one bot lives on among the same faults, then without them. */
const killedShare = 0.6;
const faultyShare = 0.85;
/** On each platform. */
const askEveryMs = 300;
const postEveryMs = 250;
const lookEveryMs = 25;
const watchEveryMs = 250;
const lookAtPostsEveryMs = 5_000;
const progressEveryMs = 20_000;
const settleLimitMs = 60_000;
/** What is said twice is said by then. */
const repeatedAfterMs = 3_000;
const mostRssBytes = 600e6;
const mostMemoryGrowth = 1.5;
/** Stands in the answers for admins alone. */
const secret = 'zanzibar';

interface Parts {
  readonly options: ChatSoakOptions;
  readonly violations: Violations;
  readonly startedMs: number;
  readonly sides: readonly Side[];
  readonly outages: ReadonlyMap<string, Outages>;
  readonly ends: Map<string, number>;
  readonly bot: ChatKeeper;
  readonly posts: ChatPosts;
  readonly commands: ChatCommands;
  readonly watch: ChatWatch;
}

/** People ask and posts are made while bot and platforms fail as planned; in the end everything is there, once. */
export async function runChatSoak(options: ChatSoakOptions, violations: Violations): Promise<ChatSoakFigures> {
  await using opened = new AsyncDisposableStack();
  const parts = await setUp(opened, options, violations);
  const { sides, outages, ends, bot, posts, commands, watch } = parts;
  using looking = lookAround(parts);
  await bot.start();
  await actWhile(parts, async () => {
    await Promise.all([endAndStart(parts), ...sides.map((side) => disturb(side, parts))]);
    await until(parts, 1);
  });
  const settledAfterMs = await settle(parts);
  await wait(repeatedAfterMs);
  looking.dispose();
  commands.look(bot.life);
  commands.check();
  await bot.stop();
  posts.check(sides);
  watch.look(bot.endedMs);
  watch.lookForSecret(secret);
  checkMemory(bot, violations);
  const faults = Array.from(outages, ([platform, { counts }]) => [platform, counts] as const);
  return {
    seconds: options.seconds,
    disturbances: new Map([['bot', ends], ...faults]),
    bot,
    posts: posts.figures(sides),
    asked: commands.asked,
    commands: commands.figures,
    excused: watch.excused,
    settledAfterMs,
  };
}

async function setUp(opened: AsyncDisposableStack, options: ChatSoakOptions, violations: Violations): Promise<Parts> {
  const simulator = await serveFarm({ ...farm, at: new Date().toISOString() });
  opened.defer(() => simulator.stop());
  const sides: readonly Side[] = [opened.use(await discordSide()), opened.use(await slackSide())];
  const outages = new Map<string, Outages>(sides.map(({ platform }) => [platform, new Outages()]));
  const posts = new ChatPosts(violations);
  const yaml = await (await fetch(`${simulator.url}/rigshift.yaml`)).text();
  const database = `sqlite:${join(options.folder, 'chat.db')}`;
  await keepSecret(yaml, database);
  const env = Object.assign({ FARM_YAML: yaml, DATABASE_URL: database }, ...sides.map((side) => side.env));
  const isDisturbed = () => {
    const nowMs = performance.now();
    return outages.values().some((each) => each.between(nowMs - calmAfterMs, nowMs).length > 0);
  };
  const bot = new ChatKeeper(env, { violations, posted: (key) => posts.taken(key), isDisturbed });
  opened.defer(() => bot.kill());
  return {
    ...{ options, violations, sides, outages, bot, posts },
    startedMs: performance.now(),
    ends: new Map(),
    commands: new ChatCommands(outages, violations),
    watch: new ChatWatch(sides, outages, violations),
  };
}

function lookAround({ sides, bot, posts, commands, watch, startedMs }: Parts): DisposableStack {
  const looking = new DisposableStack();
  every(looking, lookEveryMs, () => commands.look(bot.life));
  every(looking, watchEveryMs, () => watch.look(bot.endedMs));
  every(looking, lookAtPostsEveryMs, () => posts.look(sides));
  every(looking, progressEveryMs, () => {
    const { all, answered } = commands.figures;
    const told = `${all} commands, ${answered} answered, ${posts.figures(sides).standing} posts stand`;
    process.stdout.write(`${Math.round((performance.now() - startedMs) / 1_000)} s: ${told}\n`);
  });
  return looking;
}

/** People ask and posts are made until `work` is done. */
async function actWhile({ options, sides, bot, posts, commands }: Parts, work: () => Promise<void>): Promise<void> {
  using acting = new DisposableStack();
  for (const side of sides) {
    const draw = new Draw(options.seed, topics[side.platform]);
    every(acting, askEveryMs, () => {
      const asked = side.ask(draw);
      if (asked !== null) commands.add(side.platform, asked);
    });
  }
  const draw = new Draw(options.seed, topics.posts);
  every(acting, postEveryMs, () => {
    const { platform, places } = draw.one(sides);
    const priority = draw.one(['page', 'digest'] as const);
    bot.post(posts.next({ platform, channel: draw.one(places), priority }));
  });
  await work();
}

function every(timers: DisposableStack, intervalMs: number, act: () => void): void {
  timers.adopt(setInterval(act, intervalMs), (timer) => clearInterval(timer));
}

/** Until this share of the time has passed. */
function until({ options, startedMs }: Parts, share: number): Promise<void> {
  return wait(Math.max(0, startedMs + share * options.seconds * 1_000 - performance.now()));
}

async function endAndStart({ options, startedMs, ends, bot }: Parts): Promise<void> {
  const lastMs = startedMs + killedShare * options.seconds * 1_000;
  for (const { how, livedMs, downMs } of planEnds(options.seed)) {
    await wait(livedMs);
    if (performance.now() > lastMs) return;
    ends.set(how, (ends.get(how) ?? 0) + 1);
    await (how === 'kill' ? bot.kill() : bot.stop());
    await wait(downMs);
    await bot.start();
  }
}

async function disturb(side: Side, { options, outages, startedMs }: Parts): Promise<void> {
  const { platform, faultKinds } = side;
  for (const planned of planFaults(options.seed, platform, faultKinds, faultyShare * options.seconds * 1_000)) {
    await wait(Math.max(0, startedMs + planned.atMs - performance.now()));
    const over = outages.get(platform)?.begin(planned.kind);
    const end = side.fault(planned.kind);
    await wait(planned.durationMs);
    end();
    over?.();
  }
}

/** Waits until nothing more is owed; says how long that took. */
async function settle({ sides, posts, commands }: Parts): Promise<number> {
  const sinceMs = performance.now();
  const isOwed = () => posts.look(sides) + commands.owed > 0 || sides.some((side) => !side.connected());
  while (isOwed() && performance.now() - sinceMs < settleLimitMs) await wait(watchEveryMs);
  return performance.now() - sinceMs;
}

/** After the first quarter of the last bot's life, which it needs to warm up. */
function checkMemory({ life, mostRssBytes: most }: ChatKeeper, violations: Violations): void {
  const rss = life?.rssBytes ?? [];
  const [warm, last] = [rss[Math.floor(rss.length / 4)], rss.at(-1)];
  if (warm === undefined || last === undefined) violations.add('the bot did not say how it is', 'no vitals');
  else if (last > mostMemoryGrowth * warm) violations.add('memory grows', `from ${warm} to ${last} bytes`);
  if (most > mostRssBytes) violations.add('too much memory', `${most} bytes`);
}

/** Somebody changed something before, which only admins may read. */
async function keepSecret(yaml: string, url: string): Promise<void> {
  const { farm } = await parseConfig(yaml, { path: null, env: {}, readFile: async () => '' });
  const store = await openStore({ url, farm: farm.name, mode: 'server' });
  const place = { platform: 'console', channel: 'console', userId: '1000', userName: secret };
  await store.audit.begin({ id: 'secret', atMs: Date.now(), ...place, command: 'note', text: `note text:${secret}` });
  await store.audit.end('secret', 'done', 'Noted.');
  await store.close();
}
