import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { configurationYaml } from '../../adapters/simulator/configuration.ts';
import { createFarm, epochFor, type Farm } from '../../adapters/simulator/farm.ts';
import { hourOf } from '../../src/domain/ledger/period.ts';
import { ledgerTiming } from '../../src/domain/ledger/timing.ts';
import { MS_PER_HOUR, SECONDS_PER_HOUR } from '../../src/domain/quantities.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { BotKeeper } from './bot-keeper.ts';
import { checkHours } from './check-hours.ts';
import { type Agreement, compareTruth } from './compare-truth.ts';
import { compareZoo, type ZooAgreement } from './compare-zoo.ts';
import { disturb } from './disturb.ts';
import { Exporters } from './exporters.ts';
import { farmClock } from './farm-time.ts';
import { LedgerWatch } from './ledger-watch.ts';
import { ObservationLog } from './observation-log.ts';
import { type Disturbance, planDisturbances } from './plan.ts';
import { Telling, type Told } from './telling.ts';
import type { Violations } from './violations.ts';
import { createZooTruth } from './zoo-truth.ts';

/** One whose exporters work, but for what the soak does to them; or one of every kind, in which things break. */
export type FarmKind = 'plain' | 'zoo';

export interface SoakOptions {
  readonly kind: FarmKind;
  readonly seed: number;
  readonly minutes: number;
  readonly kills: number;
  /** For the configuration and the database. */
  readonly folder: string;
}

export interface SoakFigures {
  readonly kind: FarmKind;
  readonly farmHours: number;
  readonly observations: number;
  readonly disturbances: ReadonlyMap<Disturbance['kind'], number>;
  /** Kills that came while a commit was under way. */
  readonly cutCommits: number;
  readonly slowestStopMs: number;
  readonly slowestStartMs: number;
  /** Of the plain farm, whose rows can be held against the truth one by one. */
  readonly agreement: Agreement | null;
  readonly zoo: ZooAgreement | null;
  readonly told: Told;
}

/** Shortly before the clocks change in the farm's zone, and on the last day of a month. */
const startFarmMs = Date.parse('2026-10-31T22:07:00Z');
/** A zoo has three times as many exporters. */
const speeds = { plain: 300, zoo: 150 } as const;
const size = { rigs: 11, gpus: 4 } as const;
/** A tenth of a second of the machine, or a fifth. A longer gap than three of them is time that nobody saw. */
const intervalMs = 30_000;
/** What is configured where nothing is. */
const downAfterMs = 120_000;
const { maxGapMs, settleMs } = ledgerTiming(intervalMs, { miningGapMs: 120_000, downAfterMs });
/** What is left is one run that nobody disturbs. */
const disturbedShares = { plain: 5 / 8, zoo: 1 / 3 } as const;
/** A busy machine may need longer for one hour in which nothing was missed. */
const mostTimesLonger = 1.5;
const mostMemoryGrowth = 1.5;
const askEveryMs = 250;
const progressEveryMs = 20_000;
const questions = [
  'status',
  'profit',
  'rigs',
  'readiness',
  'digest',
  'digest today',
  'rig qc-riser-01',
  'profit site:texas',
];

interface Parts {
  readonly farm: Farm;
  readonly clock: Clock;
  readonly exporters: Exporters;
  readonly bot: BotKeeper;
  readonly log: ObservationLog;
  readonly watch: LedgerWatch;
  readonly telling: Telling;
}

/** Lets bot and simulator run for `minutes`, disturbs them as planned, and checks what the ledger holds in the end. */
export async function runSoak(options: SoakOptions, violations: Violations): Promise<SoakFigures> {
  const startedMs = performance.now();
  const parts = await setUp(options, violations);
  const { farm, clock, exporters, bot, log, watch, telling } = parts;
  const totalMs = options.minutes * 60_000;
  const elapsedMs = () => performance.now() - startedMs;
  const until = (atMs: number) => wait(Math.max(0, atMs - elapsedMs()));
  const disturbances = new Map<Disturbance['kind'], number>();
  let asked = 0;
  const asking = setInterval(() => bot.ask(questions[asked++ % questions.length] ?? ''), askEveryMs);
  const progress = setInterval(() => printProgress(elapsedMs(), parts, disturbances), progressEveryMs);
  try {
    await bot.start();
    for (const { atMs, disturbance } of planDisturbances(
      options.seed,
      options.kills,
      totalMs * disturbedShares[options.kind],
    )) {
      await until(atMs);
      await disturb(disturbance, bot, exporters);
      disturbances.set(disturbance.kind, (disturbances.get(disturbance.kind) ?? 0) + 1);
    }
    await until(totalMs);
    while (!sawWholeHour(options.kind, log, clock) && elapsedMs() < mostTimesLonger * totalMs) await wait(1_000);
    // Once while it is being served.
    await watch.look();
    const toMs = clock.now() - maxGapMs - settleMs;
    await bot.stop();
    const ledger = await watch.look();
    const { rows } = ledger;
    checkHours(rows, farm, log, { fromMs: startFarmMs, toMs, isSeen: seenIn(farm) }, violations);
    checkMemory(telling, violations);
    return {
      kind: options.kind,
      farmHours: (toMs - startFarmMs) / MS_PER_HOUR,
      observations: log.observations,
      disturbances,
      cutCommits: bot.cutCommits,
      slowestStopMs: bot.slowestStopMs,
      slowestStartMs: bot.slowestStartMs,
      agreement: options.kind === 'plain' ? compareTruth(rows, farm, log, maxGapMs, violations) : null,
      zoo: options.kind === 'zoo' ? compareZoo(ledger, { farm, log, intervalMs, maxGapMs }, violations) : null,
      told: telling,
    };
  } finally {
    clearInterval(asking);
    clearInterval(progress);
    await Promise.all([bot.end(), exporters.end()]);
  }
}

async function setUp({ kind, seed, folder }: SoakOptions, violations: Violations): Promise<Parts> {
  const time = { farmMs: startFarmMs, realMs: Date.now(), speed: speeds[kind] };
  const clock = farmClock(time);
  const zoo = kind === 'zoo';
  const farm = createFarm({ ...size, seed, zoo, epochMs: epochFor(startFarmMs) });
  const exporters = await Exporters.start({ ...size, seed, zoo, port: 0, time });
  const configPath = join(folder, `${kind}.yaml`);
  await writeFile(configPath, configurationYaml(farm, exporters.url));

  const targetsAt = (atMs: number) => farm.targets.filter((target) => !farm.isSilent(target, atMs)).length;
  const log = new ObservationLog({ intervalMs, maxGapMs, downAfterMs, targetsAt });
  const telling = new Telling(log, violations);
  const database = join(folder, `${kind}.db`);
  const watch = new LedgerWatch({ database, farm: 'soak', clock, violations });
  const options = { configPath, database, farm: 'soak', time, intervalMs };
  const bot = new BotKeeper(options, { log, telling, watch, violations });
  return { farm, clock, exporters, bot, log, watch, telling };
}

/** Neither off nor hidden behind an exporter that is dead, from a little before to a little after. */
function seenIn(farm: Farm): (rig: string, fromMs: number, toMs: number) => boolean {
  const truthOf = createZooTruth(farm);
  return (rig, fromMs, toMs) => {
    const { gpuSeconds, unseenSeconds } = truthOf(rig, fromMs - maxGapMs - settleMs, toMs + maxGapMs);
    return gpuSeconds.down === 0 && unseenSeconds === 0;
  };
}

function sawWholeHour(kind: FarmKind, log: ObservationLog, clock: Clock): boolean {
  // Its rows are not there before it has settled.
  const settledMs = clock.now() - settleMs - maxGapMs;
  for (let hourMs = hourOf(startFarmMs); hourMs + MS_PER_HOUR < settledMs; hourMs += MS_PER_HOUR) {
    const { undisturbed, watched, leastSeconds } = log.coverage(hourMs, hourMs + MS_PER_HOUR);
    if (kind === 'zoo' ? watched && hourMs >= startFarmMs : undisturbed && leastSeconds > SECONDS_PER_HOUR - 1e-6)
      return true;
  }
  return false;
}

/** After the first quarter of the quiet run, which it needs to warm up. */
function checkMemory({ vitals }: Told, violations: Violations): void {
  const [warm, last] = [vitals[Math.floor(vitals.length / 4)]?.rssBytes, vitals.at(-1)?.rssBytes];
  if (warm === undefined || last === undefined) violations.add('the bot did not say how it is', 'no vitals');
  else if (last > mostMemoryGrowth * warm) violations.add('memory grows', `from ${warm} to ${last} bytes`);
}

function printProgress(
  elapsedMs: number,
  { clock, log }: Parts,
  disturbances: ReadonlyMap<Disturbance['kind'], number>,
): void {
  const done = [...disturbances].map(([kind, count]) => `${kind} ${count}`).join(', ');
  const farmTime = new Date(clock.now()).toISOString().slice(0, 16);
  process.stdout.write(
    `${Math.round(elapsedMs / 1000)} s: farm at ${farmTime}, ${log.observations} observations, ${done}\n`,
  );
}
