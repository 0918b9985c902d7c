import { type FarmOptions, kindOf } from './rig.ts';
import type { ExporterName, SharedExporterName } from './rig-kinds.ts';
import { Schedule } from './schedule.ts';
import { rigsOf, sharedExporters, type Target } from './targets.ts';
import type { Trouble } from './troubles.ts';

/** Hosts' exporters say nothing of work: that they are dead would not be missed. */
const beside: ReadonlySet<ExporterName> = new Set([
  'node_exporter',
  'smartctl_exporter',
  'speedtest_exporter',
  'blackbox_exporter',
]);

/** Sufferers that are no rigs are numbered from here. */
const firstShared = 1_000_000;

/** What breaks in a farm: its rigs' schedules, and which exporters are dead while what they speak of works on. */
export class Silences {
  readonly #options: FarmOptions;
  readonly #mortals: ReadonlyMap<number | null, readonly Target[]>;
  readonly #ofRigs = new Map<number, Schedule>();
  readonly #ofMany: ReadonlyMap<ExporterName, Schedule>;
  readonly #speaksOf: ReadonlyMap<SharedExporterName, ReadonlySet<number>>;

  constructor(options: FarmOptions, targets: readonly Target[]) {
    this.#options = options;
    const { seed, epochMs } = options;
    this.#mortals = Map.groupBy(
      targets.filter((target) => isMortal(options, target)),
      ({ rig }) => rig,
    );
    this.#ofMany = new Map(
      sharedExporters.map((exporter, at) => [
        exporter,
        new Schedule({ seed, number: firstShared + at, cards: 0, exporters: 1 }, epochMs),
      ]),
    );
    this.#speaksOf = new Map(sharedExporters.map((exporter) => [exporter, new Set(rigsOf(options, exporter))]));
  }

  /** Everything that breaks in a rig, the silence of its exporters among it. */
  ofRig(index: number): Schedule {
    const known = this.#ofRigs.get(index);
    if (known !== undefined) return known;
    const { seed, gpus, epochMs } = this.#options;
    const cards = kindOf(this.#options, index).kind.gpus ?? gpus;
    const exporters = this.#mortals.get(index)?.length ?? 0;
    const schedule = new Schedule({ seed, number: index, cards, exporters }, epochMs);
    this.#ofRigs.set(index, schedule);
    return schedule;
  }

  isDead(target: Target, atMs: number): boolean {
    const { rig, exporter } = target;
    if (rig === null) return this.#ofMany.get(exporter)?.at(atMs)?.kind === 'silence';
    const trouble = this.ofRig(rig).at(atMs);
    return trouble?.kind === 'silence' && this.#mortals.get(rig)?.[trouble.which] === target;
  }

  /** Seconds of a period in which an exporter that speaks of this rig was dead. */
  unseenSeconds(index: number, fromMs: number, toMs: number): number {
    const speaking = sharedExporters.filter((exporter) => this.#speaksOf.get(exporter)?.has(index) === true);
    const schedules = [this.ofRig(index), ...speaking.flatMap((exporter) => this.#ofMany.get(exporter) ?? [])];
    const silent = schedules
      .flatMap((schedule) => schedule.between(fromMs, toMs).filter(({ kind }) => kind === 'silence'))
      .sort((a, b) => a.fromMs - b.fromMs);
    return coveredSeconds(silent, fromMs, toMs);
  }
}

function isMortal(options: FarmOptions, { rig, exporter, down }: Target): boolean {
  if (down || rig === null) return false;
  // A wall meter and rentals hang on the host's exporter there.
  return !beside.has(exporter) || (exporter === 'node_exporter' && kindOf(options, rig).kind.textfile !== undefined);
}

/** Of intervals in the order of their beginnings, which may overlap. */
function coveredSeconds(intervals: readonly Trouble[], fromMs: number, toMs: number): number {
  let covered = 0;
  let doneMs = fromMs;
  for (const interval of intervals) {
    const beginMs = Math.max(interval.fromMs, doneMs);
    const endMs = Math.min(interval.toMs, toMs);
    if (endMs <= beginMs) continue;
    covered += endMs - beginMs;
    doneMs = endMs;
  }
  return covered / 1000;
}
