import type { Dialect, LabelNames, SeriesMapping } from '../dialect.ts';
import type { TargetFailureKind } from '../snapshot.ts';
import { type AsicReading, addAsicSample } from './asic-reading.ts';
import { addCardSample, CardReading, dropSharedUuids, isAmong, isCard } from './card-reading.ts';
import type { FamilyMapping } from './families.ts';
import { addHostSample, type HostReading, nothingOfHost } from './host-reading.ts';
import { addMachineSample, addMarketSample, type MachineReading, type MarketReading } from './marketplace-reading.ts';
import { addMinerTotal, type MinerTotal, mendUnits, severalCoins } from './miner-totals.ts';
import { Origins } from './origins.ts';
import { addPayout, type PayoutReading, paidPlusPending } from './payout-reading.ts';
import { addPciSample, nothingOfPci, type PciReading } from './pci-reading.ts';
import { firstLabel, firstSlot, type Labels, rigName, text } from './raw-values.ts';
import { addRigFigure, nothingOfRig, type RigFigures } from './rig-figures.ts';

interface ReadTarget {
  readonly instance: string;
  readonly labels: Labels;
  readonly rig: string | null;
  readonly site: string | null;
}

type OtherMapping = Exclude<SeriesMapping, { kind: 'card' }>;

/**
 * What one target printed in one observation, mapped to signals. Void after `fail`: a scrape that broke in the middle
 * leaves nothing behind.
 */
export class TargetReading {
  readonly instance: string;
  readonly labels: Labels;
  readonly configuredRig: string | null;
  readonly configuredSite: string | null;
  /** How whoever scrapes it names its rig: a label of the target and of none of its series alone. */
  readonly labelledRig: string | null;
  /** Whether this is what another target says of one of its rigs: then its instance is not the rig's. */
  readonly isPart: boolean;
  /** What this target says of other rigs, by their names. */
  readonly parts = new Map<string, TargetReading>();
  readonly cards = new Map<string, CardReading>();
  readonly machines = new Map<string, MachineReading>();
  readonly market = new Map<string, MarketReading>();
  readonly asics = new Map<string, AsicReading>();
  /** Whole miners, beside their cards or without any. */
  readonly minerTotals = new Map<string, MinerTotal>();
  readonly names = new Map<string, string>();
  readonly dialects = new Set<Dialect>();
  host: HostReading | null = null;
  pci: PciReading | null = null;
  figures: RigFigures | null = null;
  algorithm: string | null = null;
  /** What this target says of its rig by the rig's name: its cards are among `cards`, all else is here. */
  ownPart: TargetReading | null = null;
  /** Paid plus pending; null where one of the two is not printed. */
  payoutUsd: number | null = null;
  /** What its own figures contradict, in words. */
  readonly problems: string[] = [];
  atMs: number | null = null;
  failure: { kind: TargetFailureKind; message: string } | null = null;
  #xidsWatched = false;
  /** The dialect whose hashrates stand in a unit that nobody knows. */
  #unknownUnit: Dialect | null = null;
  /** By the dialect's slot; null for what is numbered like a card and is none. */
  readonly #slots = new Map<Dialect, Map<string, CardReading | null>>();
  readonly #payouts: PayoutReading = new Map();
  readonly #origins = new Origins();
  readonly #families: ReadonlyMap<string, FamilyMapping>;

  readonly #rigLabels: LabelNames;

  /** `rigLabels`: labels that may name a rig, the most trusted first. */
  constructor(
    target: ReadTarget,
    families: ReadonlyMap<string, FamilyMapping>,
    { rigLabels = [], isPart = false }: { readonly rigLabels?: LabelNames; readonly isPart?: boolean } = {},
  ) {
    this.instance = target.instance;
    this.labels = target.labels;
    this.configuredRig = target.rig;
    this.configuredSite = target.site;
    this.isPart = isPart;
    this.#rigLabels = rigLabels;
    this.labelledRig = rigName(firstLabel(target.labels, rigLabels));
    this.#families = families;
  }

  sample(name: string, labels: Labels, value: number, timestampMs: number): void {
    const family = this.#families.get(name);
    if (family === undefined) return;
    this.#origins.add(labels);
    const reading = family.rigLabels === null ? this : this.#partOf(family.rigLabels, labels);
    reading.#take(name, family, labels, value, timestampMs);
  }

  done(atMs: number): void {
    const mixed = this.#origins.inWords();
    if (mixed !== null) {
      this.fail('malformed', mixed);
      return;
    }
    this.atMs = atMs;
    for (const part of this.parts.values()) part.done(atMs);
    this.#dropUnknownUnit();
    for (const dialect of mendUnits(this.minerTotals.values(), this.cards.values())) {
      this.problems.push(
        `${dialect} prints hashrates in a unit of its own; what its miner prints in all gives the right one`,
      );
    }
    this.problems.push(...severalCoins(this.cards.values()), ...dropSharedUuids(this.cards.values()));
    this.#takePartOfItsOwn();
    for (const card of this.cards.values()) {
      if (card.xids === null && this.#xidsWatched) card.xids = new Map();
      if (card.processes === null && card.get('computeApps') === 0) card.processes = new Set();
    }
    this.payoutUsd = paidPlusPending(this.#payouts);
  }

  fail(kind: TargetFailureKind, message: string): void {
    this.failure = { kind, message };
    this.parts.clear();
    this.cards.clear();
    this.machines.clear();
    this.market.clear();
    this.asics.clear();
    this.minerTotals.clear();
    this.problems.length = 0;
    this.dialects.clear();
    this.names.clear();
    this.host = null;
    this.pci = null;
    this.figures = null;
    this.algorithm = null;
    this.ownPart = null;
    this.payoutUsd = null;
  }

  /** Rigs that this target spoke of before it failed: nothing is known of them now, and they are still there. */
  addFailedParts(rigs: Iterable<string>): void {
    if (this.failure === null) return;
    for (const rig of rigs) {
      const part = this.#openPart(rig);
      part.failure = this.failure;
      this.parts.set(rig, part);
    }
  }

  /**
   * Tells it from every other target: one address may be scraped by two jobs, itself and a probe of it for example; and
   * where each rig has an agent of its own, all of them scrape the same addresses.
   */
  get key(): string {
    const job = this.labels['job'] ?? '';
    if (this.labelledRig !== null) return `${this.instance}\n${job}\n${this.labelledRig}`;
    return job === '' ? this.instance : `${this.instance}\n${job}`;
  }

  /** The rig that this target names as its own: as configured, else by its label, else in its figures. */
  get explicitRig(): string | null {
    return this.configuredRig ?? rigName(this.labels['rig']) ?? this.ownPart?.configuredRig ?? null;
  }

  /** Whether this target speaks of an account's machines or of other rigs only and is no rig itself. */
  get isAccount(): boolean {
    if (this.dialects.size === 0) return this.failure === null && this.parts.size > 0;
    for (const dialect of this.dialects) if (dialect.scope !== 'account') return false;
    return true;
  }

  /** Whether it answers and prints nothing that anybody knows. */
  get isMute(): boolean {
    return this.failure === null && this.dialects.size === 0 && this.parts.size === 0;
  }

  /** Whether it speaks of its rig from elsewhere only: then it proves nothing about the rig's own exporters. */
  get isOutside(): boolean {
    if (this.dialects.size === 0) return false;
    for (const dialect of this.dialects) if (dialect.scope !== 'outside') return false;
    return true;
  }

  #dropUnknownUnit(): void {
    const dialect = this.#unknownUnit;
    if (dialect === null) return;
    for (const card of this.cards.values()) if (card.dialect === dialect) card.dropHashrate();
    for (const [key, total] of this.minerTotals) if (total.dialect === dialect) this.minerTotals.delete(key);
    this.problems.push(`${dialect.id} does not say in which unit it counts ${this.algorithm}: the hashrate is unknown`);
  }

  #take(name: string, family: FamilyMapping, labels: Labels, value: number, timestampMs: number): void {
    const { dialect, mapping, card, only } = family;
    if (only !== null && labels[only.label] !== only.value) return;
    this.dialects.add(dialect);
    for (const label of dialect.nameLabels) this.#rigName(label, labels[label]);
    if (card !== null) {
      if (isAmong(card, labels)) this.#card(family, labels)?.add(card, labels, value);
    } else this.#takeOther(name, family, mapping as OtherMapping, labels, value, timestampMs);
  }

  #takeOther(
    name: string,
    family: FamilyMapping,
    mapping: OtherMapping,
    labels: Labels,
    value: number,
    timestampMs: number,
  ): void {
    switch (mapping.kind) {
      case 'card-info':
      case 'card-process':
      case 'card-xid':
      case 'card-xid-last': {
        const card = this.#card(family, labels);
        if (card !== null) addCardSample(card, mapping, labels, value);
        return;
      }
      case 'xids-watched':
        this.#xidsWatched = true;
        return;
      case 'miner-hashrate':
        addMinerTotal(this.minerTotals, family, mapping, labels, value);
        return;
      case 'miner-algorithm': {
        const algorithm = text(labels[mapping.label])?.toLowerCase() ?? null;
        if (algorithm !== null && mapping.unknownUnit?.test(algorithm) === true) this.#unknownUnit = family.dialect;
        if (algorithm !== null && (this.algorithm === null || algorithm < this.algorithm)) this.algorithm = algorithm;
        return;
      }
      case 'pci-info':
      case 'pci':
      case 'drm-card':
      case 'drm-busy':
      case 'drm-vram':
      case 'hwmon-chip':
      case 'hwmon-label':
      case 'hwmon-value':
        this.pci ??= nothingOfPci(family);
        addPciSample(this.pci, mapping, labels, value, family.place);
        return;
      case 'asic':
      case 'asic-info':
        addAsicSample(this.asics, family, mapping, labels, value);
        return;
      case 'rig-power':
      case 'rig-rented':
      case 'rig-revenue':
        this.figures ??= nothingOfRig();
        addRigFigure(this.figures, mapping, labels, value, family.rank * 1_000 + family.place);
        return;
      case 'machine-info':
      case 'machine':
      case 'machine-line':
      case 'machine-used':
        addMachineSample(this.machines, family.dialect, mapping, labels, value);
        return;
      case 'market-count':
      case 'market-price':
        addMarketSample(this.market, mapping, labels, value);
        return;
      case 'payout':
        addPayout(this.#payouts, family.dialect, name, value);
        return;
      case 'host-name':
        return;
      default:
        this.host ??= nothingOfHost();
        addHostSample(this.host, mapping, { labels, value, atMs: timestampMs, place: family.place });
    }
  }

  /** Of several names under one label the first in the alphabet, so that the order of the series decides nothing. */
  #rigName(label: string, printed: string | undefined): void {
    if (printed === undefined || printed === '') return;
    const name = rigName(printed);
    if (name === null) return;
    const known = this.names.get(label);
    if (known === undefined || name < known) this.names.set(label, name);
  }

  #card(family: FamilyMapping, labels: Labels): CardReading | null {
    const { dialect } = family;
    if (dialect.card === undefined) return null;
    const slot = firstSlot(labels, dialect.card.slot);
    if (slot === null) return null;
    let slots = this.#slots.get(dialect);
    if (slots === undefined) {
      slots = new Map();
      this.#slots.set(dialect, slots);
    }
    let card = slots.get(slot);
    if (card === undefined) {
      card = isCard(dialect, labels) ? new CardReading(family, slot) : null;
      slots.set(slot, card);
      if (card !== null) this.cards.set(`${dialect.id}\n${slot}`, card);
    }
    card?.identify(labels);
    return card;
  }

  /** Whose figures these are: those without a name are the target's own. */
  #partOf(rigLabels: LabelNames, labels: Labels): TargetReading {
    const rig = rigName(firstLabel(labels, rigLabels));
    if (rig === null) return this;
    let part = this.parts.get(rig);
    if (part === undefined) {
      part = this.#openPart(rig);
      this.parts.set(rig, part);
    }
    return part;
  }

  #openPart(rig: string): TargetReading {
    const { instance, labels, configuredSite: site } = this;
    const options = { rigLabels: this.#rigLabels, isPart: true };
    return new TargetReading({ instance, labels, rig, site }, this.#families, options);
  }

  /** A rig's own exporter that prints the figures of one rig, by name, is that rig, unless it is known to be another. */
  #takePartOfItsOwn(): void {
    const [[rig, part] = [null, null], ...others] = this.parts;
    if (rig === null || others.length > 0) return;
    if (![...this.dialects].some(({ scope }) => scope === 'rig')) return;
    if (this.explicitRig !== null && this.explicitRig !== rig) return;
    this.parts.clear();
    this.ownPart = part;
    for (const dialect of part.dialects) this.dialects.add(dialect);
    for (const [key, card] of part.cards) this.cards.set(key, card);
  }
}

/** The targets of rigs that these readings stand for: themselves, but for accounts, and their parts. */
export function* rigTargets(readings: Iterable<TargetReading>): Generator<TargetReading, void> {
  for (const reading of readings) {
    if (!reading.isAccount) yield reading;
    yield* reading.parts.values();
  }
}
