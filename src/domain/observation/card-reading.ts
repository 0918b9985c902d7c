import {
  type CardSignal,
  cardSignals,
  type Dialect,
  healthSignals,
  type LabelChoice,
  type SeriesMapping,
} from '../dialect.ts';
import { normaliseModel } from '../model-name.ts';
import type { XidEvent } from '../rig.ts';
import { units } from '../units.ts';
import { firstLabel, type Labels, normaliseBus, normaliseUuid, text, wholeNumber } from './raw-values.ts';

const signalPositions = Object.fromEntries(
  Object.keys(cardSignals).map((signal, position) => [signal, position]),
) as Record<CardSignal, number>;

const noNumbers: readonly number[] = Object.keys(cardSignals).map(() => Number.NaN);

const isHealthSignal: ReadonlySet<CardSignal> = new Set(healthSignals);

/** How the numbers of one family are kept: everything that its mapping says, worked out once for all samples. */
export interface CardFamily {
  readonly signal: CardSignal;
  readonly position: number;
  readonly place: number;
  readonly sum: boolean;
  readonly factor: number;
  readonly unknown: readonly number[];
  readonly unknownFrom: number;
  readonly among: LabelChoice | null;
  readonly isHealth: boolean;
  /** 0 for no, anything else for yes: some exporters count what others only flag. */
  readonly isFlag: boolean;
}

export function cardFamily(mapping: Extract<SeriesMapping, { kind: 'card' }>, place: number): CardFamily {
  return {
    signal: mapping.signal,
    position: signalPositions[mapping.signal],
    place,
    sum: mapping.sum ?? false,
    factor: units[mapping.unit].factor,
    unknown: mapping.unknown ?? [],
    unknownFrom: mapping.unknownFrom ?? Number.POSITIVE_INFINITY,
    among: mapping.among ?? null,
    isHealth: isHealthSignal.has(mapping.signal),
    isFlag: mapping.unit === 'flag',
  };
}

type CardLabels = NonNullable<Dialect['card']>;

/** Whether a series is one of a card: some exporters number processors along with them. */
export function isCard({ card }: Dialect, labels: Labels): boolean {
  return card !== undefined && (card.modelPart === undefined || modelPart(card, labels) !== '');
}

function modelPart({ model = [], modelPart }: CardLabels, labels: Labels): string {
  const raw = firstLabel(labels, model) ?? '';
  return modelPart === undefined ? raw : (modelPart.exec(raw)?.[1] ?? '');
}

/** Whether a series of a family counts: what stands beside the wanted ones may be of no card at all. */
export function isAmong({ among }: CardFamily, labels: Labels): boolean {
  return among === null || among.values.includes(labels[among.label] ?? '');
}

/** One card as one exporter sees it. */
export class CardReading {
  readonly dialect: Dialect;
  readonly rank: number;
  readonly slot: string;
  uuid: string | null = null;
  bus: string | null = null;
  index: number | null = null;
  model: string | null = null;
  driverVersion: string | null = null;
  cudaVersion: string | null = null;
  vbiosVersion: string | null = null;
  /** In capitals; of several the one of the largest hashrate. */
  coin: string | null = null;
  /** Every coin that a hashrate above 0 is printed for; null where no coin is printed. */
  hashingCoins: Set<string> | null = null;
  /** Lower case. */
  algorithm: string | null = null;
  processes: Set<string> | null = null;
  xids: Map<number, XidEvent> | null = null;
  /** Whether any signal of health is known; most cards of a farm have none. */
  hasHealth = false;
  /** By signal; no typed array, whose bytes lie outside the heap and cost the collector more than all the rest. */
  readonly #numbers: number[] = [...noNumbers];
  /** Places other than the first, by signal: few dialects give one signal twice. */
  #places: Map<number, number> | null = null;
  #identifiedBy: Labels | null = null;

  constructor({ dialect, rank }: { readonly dialect: Dialect; readonly rank: number }, slot: string) {
    this.dialect = dialect;
    this.rank = rank;
    this.slot = slot;
  }

  get(signal: CardSignal): number | null {
    const value = this.#numbers[signalPositions[signal]] as number;
    return Number.isNaN(value) ? null : value;
  }

  /** A sample of a family of numbers, as it was printed. */
  add(family: CardFamily, labels: Labels, raw: number): void {
    if (!Number.isFinite(raw) || raw >= family.unknownFrom || family.unknown.includes(raw)) return;
    const value = family.isFlag ? Number(raw !== 0) : raw * family.factor;
    if (!Number.isFinite(value)) return;
    if (family.isHealth) this.hasHealth = true;
    if (family.signal === 'hashrate') this.#mines(value, family, labels);
    this.#keep(family.position, value, family.place, family.sum);
  }

  /** A number in the canonical unit of its signal. */
  set(signal: CardSignal, value: number, place = 0): void {
    this.#keep(signalPositions[signal], value, place, false);
  }

  /** In H/s, by what other unit it was printed in than its dialect says. */
  scaleHashrate(factor: number): void {
    const position = signalPositions.hashrate;
    this.#numbers[position] = (this.#numbers[position] as number) * factor;
  }

  dropHashrate(): void {
    this.#numbers[signalPositions.hashrate] = Number.NaN;
  }

  /** What the labels of one of its series say of the card itself. */
  identify(labels: Labels): void {
    const spec = this.dialect.card;
    // Most sources hand out one object for equal label sets.
    if (spec === undefined || labels === this.#identifiedBy) return;
    this.#identifiedBy = labels;
    if (spec.process !== undefined) this.#addWorkload(firstLabel(labels, spec.process.labels), spec.process.not);
    if (this.uuid === null && spec.uuid !== undefined) this.uuid = normaliseUuid(firstLabel(labels, spec.uuid));
    if (this.bus === null && spec.bus !== undefined) this.bus = normaliseBus(firstLabel(labels, spec.bus));
    if (this.index === null && spec.index !== undefined) this.index = wholeNumber(firstLabel(labels, spec.index));
    if (this.model === null && spec.model !== undefined) this.model = normaliseModel(modelPart(spec, labels));
    if (this.driverVersion === null && spec.driver !== undefined)
      this.driverVersion = text(firstLabel(labels, spec.driver));
    if (this.cudaVersion === null && spec.cuda !== undefined) this.cudaVersion = text(firstLabel(labels, spec.cuda));
    if (this.vbiosVersion === null && spec.vbios !== undefined)
      this.vbiosVersion = text(firstLabel(labels, spec.vbios));
  }

  #addWorkload(name: string | null, notOne: RegExp): void {
    if (name === null || this.processes?.has(name) === true || notOne.test(name)) return;
    this.processes ??= new Set();
    this.processes.add(name);
  }

  /** Of several series of one place the largest counts, or their sum: their order decides nothing. */
  #keep(position: number, value: number, place: number, sum: boolean): void {
    const known = this.#numbers[position] as number;
    if (!Number.isNaN(known)) {
      const knownPlace = this.#places?.get(position) ?? 0;
      if (place > knownPlace) return;
      if (place === knownPlace) {
        this.#numbers[position] = sum ? known + value : Math.max(known, value);
        return;
      }
    }
    this.#numbers[position] = value;
    if (place > 0) this.#places ??= new Map();
    this.#places?.set(position, place);
  }

  /** Of a card that mines two coins, the one of the larger hashrate. */
  #mines(hashrate: number, { place, position }: CardFamily, labels: Labels): void {
    const spec = this.dialect.card;
    if (spec?.coin === undefined && spec?.algorithm === undefined) return;
    const coin = text(firstLabel(labels, spec.coin ?? []))?.toUpperCase() ?? null;
    const algorithm = text(firstLabel(labels, spec.algorithm ?? []))?.toLowerCase() ?? null;
    if (coin !== null && hashrate > 0) {
      this.hashingCoins ??= new Set();
      this.hashingCoins.add(coin);
    }
    const known = this.#numbers[position] as number;
    const knownPlace = this.#places?.get(position) ?? 0;
    if (!Number.isNaN(known)) {
      if (place > knownPlace || (place === knownPlace && hashrate < known)) return;
      if (place === knownPlace && hashrate === known && !isBefore([coin, algorithm], [this.coin, this.algorithm]))
        return;
    }
    this.coin = coin;
    this.algorithm = algorithm;
  }
}

function isBefore(a: readonly (string | null)[], b: readonly (string | null)[]): boolean {
  return a.join('\n') < b.join('\n');
}

/** A UUID that one exporter prints for cards in different places tells none of them apart: it is dropped, and said. */
export function dropSharedUuids(cards: Iterable<CardReading>): string[] {
  const problems: string[] = [];
  const named = [...cards].filter(({ uuid }) => uuid !== null);
  if (new Set(named.map(({ uuid }) => uuid)).size === named.length) return problems;
  for (const alike of Map.groupBy(named, ({ uuid, rank }) => `${rank} ${uuid}`).values()) {
    const buses = new Set(alike.map(({ bus }) => bus));
    const indexes = new Set(alike.map(({ index }) => index));
    const [first] = alike;
    if (first === undefined || alike.length < 2) continue;
    if (buses.has(null) ? indexes.has(null) || indexes.size < alike.length : buses.size < alike.length) continue;
    problems.push(
      `${first.dialect.id} prints the UUID ${first.uuid} for ${alike.length} cards: it tells none of them apart`,
    );
    for (const card of alike) card.uuid = null;
  }
  return problems;
}

/** Far above any code there is, and far below what stands for "not supported". */
const HIGHEST_XID = 65_535;

/** Whatever an exporter says of a card besides numbers. */
export function addCardSample(
  card: CardReading,
  mapping: Extract<SeriesMapping, { kind: 'card-info' | 'card-process' | 'card-xid' | 'card-xid-last' }>,
  labels: Labels,
  value: number,
): void {
  switch (mapping.kind) {
    case 'card-info':
      return;
    case 'card-process': {
      const name = text(labels[mapping.label]);
      if (name === null) return;
      card.processes ??= new Set();
      card.processes.add(name);
      return;
    }
    case 'card-xid': {
      const code = wholeNumber(labels[mapping.label]);
      if (code === null || !Number.isFinite(value)) return;
      // "None seen" is known of this card, whatever else comes.
      card.xids ??= new Map();
      if (value > 0) addXid(card.xids, code, mapping.value === 'last-seconds' ? value * 1000 : null);
      return;
    }
    case 'card-xid-last':
      if (!Number.isInteger(value) || value < 0 || value > HIGHEST_XID) return;
      card.xids ??= new Map();
      if (value !== 0) addXid(card.xids, value, null);
  }
}

function addXid(xids: Map<number, XidEvent>, code: number, lastAtMs: number | null): void {
  const known = xids.get(code)?.lastAtMs ?? null;
  xids.set(code, {
    code,
    lastAtMs: known === null || lastAtMs === null ? (lastAtMs ?? known) : Math.max(known, lastAtMs),
  });
}
