import {
  type CardSignal,
  cardSignals,
  type Dialect,
  type LabelFilter,
  type MachineSignal,
  type SeriesMapping,
} from '../dialect.ts';
import { normaliseModel } from '../model-name.ts';
import type { XidEvent } from '../rig.ts';
import type { TargetFailureKind } from '../snapshot.ts';
import { convert, normaliseBus, normaliseUuid } from './raw-values.ts';

const signalIndex = Object.fromEntries(cardSignals.map((signal, index) => [signal, index])) as Record<
  CardSignal,
  number
>;

type Labels = Readonly<Record<string, string>>;

export interface FamilyMapping {
  readonly dialect: Dialect;
  /** Position of the dialect: an earlier one wins where two say the same of one card. */
  readonly rank: number;
  readonly mapping: SeriesMapping;
}

/** Every series name that some dialect maps. */
export function familiesOf(dialects: readonly Dialect[]): ReadonlyMap<string, FamilyMapping> {
  const families = new Map<string, FamilyMapping>();
  for (const [rank, dialect] of dialects.entries()) {
    for (const [name, mapping] of Object.entries(dialect.series)) families.set(name, { dialect, rank, mapping });
  }
  return families;
}

/** What a source has to read for these mappings: each name, and the part of its series that counts, null for all. */
export function wantedFamilies(families: ReadonlyMap<string, FamilyMapping>): ReadonlyMap<string, LabelFilter | null> {
  return new Map(families.entries().map(([name, { mapping }]) => [name, 'only' in mapping ? mapping.only : null]));
}

const noNumbers: readonly number[] = cardSignals.map(() => Number.NaN);

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
  processes: Set<string> | null = null;
  xids: Map<number, XidEvent> | null = null;
  /** By signal; no typed array, whose bytes lie outside the heap and cost the collector more than all the rest. */
  readonly #numbers: number[] = [...noNumbers];

  constructor({ dialect, rank }: FamilyMapping, slot: string) {
    this.dialect = dialect;
    this.rank = rank;
    this.slot = slot;
  }

  set(signal: CardSignal, value: number): void {
    this.#numbers[signalIndex[signal]] = value;
  }

  get(signal: CardSignal): number | null {
    const value = this.#numbers[signalIndex[signal]] as number;
    return Number.isNaN(value) ? null : value;
  }
}

/** One machine of a marketplace account. */
export interface MachineReading {
  readonly id: string;
  hostname: string | null;
  model: string | null;
  readonly signals: Partial<Record<MachineSignal, number>>;
  readonly usedGpus: Map<string, number>;
  downloadBitsPerSecond: number | null;
  uploadBitsPerSecond: number | null;
}

/** Prices of one model on a marketplace; `rented` and `verified` as the exporter labels them. */
export interface MarketReading {
  readonly model: string;
  readonly prices: { quantile: 'p10' | 'median' | 'p90'; rented: string; verified: string; value: number }[];
  readonly counts: { rented: string; verified: string; value: number }[];
}

export interface HostReading {
  cpuModel: string | null;
  readonly cores: Set<string>;
  readonly threads: Set<string>;
  readonly flags: Set<string>;
  ramTotalBytes: number | null;
  nicBytesPerSecond: number | null;
  bootAtMs: number | null;
  osName: string | null;
}

/**
 * What one target printed in one observation, mapped to signals. Void after `fail`: a scrape that broke in the middle
 * leaves nothing behind.
 */
export class TargetReading {
  readonly instance: string;
  readonly labels: Labels;
  readonly configuredRig: string | null;
  readonly configuredSite: string | null;
  readonly cards = new Map<string, CardReading>();
  readonly machines = new Map<string, MachineReading>();
  readonly market = new Map<string, MarketReading>();
  readonly names = new Map<string, string>();
  readonly dialects = new Set<Dialect>();
  /** Link width by normalised PCI address, whoever sits there. */
  readonly pciWidths = new Map<string, number>();
  host: HostReading | null = null;
  algorithm: string | null = null;
  /** Paid plus pending; null where one of the two is not printed. */
  payoutUsd: number | null = null;
  atMs: number | null = null;
  failure: { kind: TargetFailureKind; message: string } | null = null;
  #xidsWatched = false;
  readonly #payouts = new Map<string, number>();
  readonly #families: ReadonlyMap<string, FamilyMapping>;

  constructor(
    target: { instance: string; labels: Labels; rig: string | null; site: string | null },
    families: ReadonlyMap<string, FamilyMapping>,
  ) {
    this.instance = target.instance;
    this.labels = target.labels;
    this.configuredRig = target.rig;
    this.configuredSite = target.site;
    this.#families = families;
  }

  sample(name: string, labels: Labels, value: number, _timestampMs: number): void {
    const family = this.#families.get(name);
    if (family === undefined) return;
    const { dialect, mapping } = family;
    this.dialects.add(dialect);
    for (const label of dialect.nameLabels) this.#rigName(label, labels[label]);
    if (mapping.kind === 'card') {
      const card = this.#card(family, labels);
      const known = convert(value, mapping);
      if (known !== null) card?.set(mapping.signal, known);
    } else if (mapping.kind === 'payout') this.#payouts.set(name, (this.#payouts.get(name) ?? 0) + value);
    else this.#other(family, mapping, labels, value);
  }

  done(atMs: number): void {
    this.atMs = atMs;
    for (const card of this.cards.values()) {
      if (card.xids === null && this.#xidsWatched) card.xids = new Map();
      if (card.processes === null && card.get('computeApps') === 0) card.processes = new Set();
    }
    this.payoutUsd = this.#payout();
  }

  fail(kind: TargetFailureKind, message: string): void {
    this.failure = { kind, message };
    this.cards.clear();
    this.machines.clear();
    this.market.clear();
    this.pciWidths.clear();
    this.dialects.clear();
    this.names.clear();
    this.host = null;
    this.algorithm = null;
    this.payoutUsd = null;
  }

  /** Whether this target speaks of an account's machines only and is no rig itself. */
  get isAccount(): boolean {
    if (this.dialects.size === 0) return false;
    for (const dialect of this.dialects) if (dialect.scope !== 'account') return false;
    return true;
  }

  /** Of several names under one label the first in the alphabet, so that the order of the series decides nothing. */
  #rigName(label: string, name: string | undefined): void {
    if (name === undefined || name === '') return;
    const known = this.names.get(label);
    if (known === undefined || name < known) this.names.set(label, name);
  }

  #payout(): number | null {
    let parts = 0;
    for (const { mapping } of this.#families.values()) if (mapping.kind === 'payout') parts += 1;
    if (this.#payouts.size < parts || parts === 0) return null;
    const sum = this.#payouts.values().reduce((total, part) => total + part, 0);
    return Number.isFinite(sum) ? sum : null;
  }

  #card(family: FamilyMapping, labels: Labels): CardReading | null {
    const { dialect } = family;
    const spec = dialect.card;
    if (spec === undefined) return null;
    const slot = firstLabel(labels, spec.slot);
    if (slot === null) return null;
    const key = `${dialect.id}\n${slot}`;
    let card = this.cards.get(key);
    if (card === undefined) {
      card = new CardReading(family, slot);
      this.cards.set(key, card);
    }
    if (spec.uuid !== undefined && card.uuid === null) card.uuid = normaliseUuid(labels[spec.uuid]);
    if (spec.bus !== undefined && card.bus === null) card.bus = normaliseBus(labels[spec.bus]);
    if (spec.index !== undefined && card.index === null) card.index = wholeNumber(labels[spec.index]);
    if (spec.model !== undefined && card.model === null) card.model = normaliseModel(labels[spec.model] ?? '');
    if (spec.driver !== undefined && card.driverVersion === null) card.driverVersion = text(labels[spec.driver]);
    if (spec.cuda !== undefined && card.cudaVersion === null) card.cudaVersion = text(labels[spec.cuda]);
    if (spec.vbios !== undefined && card.vbiosVersion === null) card.vbiosVersion = text(labels[spec.vbios]);
    return card;
  }

  #other(
    family: FamilyMapping,
    mapping: Exclude<SeriesMapping, { kind: 'card' | 'payout' }>,
    labels: Labels,
    value: number,
  ): void {
    switch (mapping.kind) {
      case 'card-info':
        this.#card(family, labels);
        return;
      case 'card-process': {
        const card = this.#card(family, labels);
        const name = text(labels[mapping.label]);
        if (card === null || name === null) return;
        card.processes ??= new Set();
        card.processes.add(name);
        return;
      }
      case 'card-xid': {
        const code = wholeNumber(labels[mapping.label]);
        if (code === null || !Number.isFinite(value)) return;
        if (value > 0) this.#xid(family, labels, code, mapping.value === 'last-seconds' ? value * 1000 : null);
        else this.#watchXids(family, labels);
        return;
      }
      case 'card-xid-last':
        this.#card(family, labels);
        if (!Number.isFinite(value) || value >= 9.2e18) return;
        if (value === 0) this.#watchXids(family, labels);
        else this.#xid(family, labels, value, null);
        return;
      case 'xids-watched':
        this.#xidsWatched = true;
        return;
      case 'miner-algorithm':
        this.algorithm = text(labels[mapping.label])?.toLowerCase() ?? null;
        return;
      case 'pci-width': {
        const bus = normaliseBus(`${labels['segment']}:${labels['bus']}:${labels['device']}.${labels['function']}`);
        if (bus !== null && value > 0) this.pciWidths.set(bus, value);
        return;
      }
      case 'machine-info':
      case 'machine':
      case 'machine-line':
      case 'machine-used':
        this.#machine(family.dialect, mapping, labels, value);
        return;
      case 'market-count':
      case 'market-price':
        this.#market(mapping, labels, value);
        return;
      default:
        this.#host(mapping, labels, value);
    }
  }

  /** "None seen" is known of this card, whatever else comes. */
  #watchXids(family: FamilyMapping, labels: Labels): Map<number, XidEvent> | null {
    const card = this.#card(family, labels);
    if (card === null) return null;
    card.xids ??= new Map();
    return card.xids;
  }

  #xid(family: FamilyMapping, labels: Labels, code: number, lastAtMs: number | null): void {
    const xids = this.#watchXids(family, labels);
    const known = xids?.get(code);
    xids?.set(code, { code, lastAtMs: lastAtMs ?? known?.lastAtMs ?? null });
  }

  #host(mapping: SeriesMapping, labels: Labels, value: number): void {
    this.host ??= {
      cpuModel: null,
      cores: new Set(),
      threads: new Set(),
      flags: new Set(),
      ramTotalBytes: null,
      nicBytesPerSecond: null,
      bootAtMs: null,
      osName: null,
    };
    const host = this.host;
    switch (mapping.kind) {
      case 'host-cpu-info':
        // Machines that do not number their cores print no such label: then their number is unknown, not 1.
        if (labels[mapping.core]) host.cores.add(`${labels[mapping.package] ?? ''}/${labels[mapping.core]}`);
        host.cpuModel ??= text(labels[mapping.model]);
        return;
      case 'host-cpu-thread':
        addText(host.threads, labels[mapping.cpu]);
        return;
      case 'host-cpu-flag':
        addText(host.flags, labels[mapping.label]);
        return;
      case 'host-ram':
        if (value > 0) host.ramTotalBytes = value;
        return;
      case 'host-nic-bytes':
        // A port without a link prints a negative speed.
        if (value > 0 && !mapping.notDevice.test(labels[mapping.device] ?? '')) {
          host.nicBytesPerSecond = Math.max(host.nicBytesPerSecond ?? 0, value);
        }
        return;
      case 'host-boot-seconds':
        if (value > 0) host.bootAtMs = value * 1000;
        return;
      case 'host-os':
        host.osName = text(labels[mapping.label]);
        return;
      default:
        return;
    }
  }

  #machine(
    dialect: Dialect,
    mapping: Extract<SeriesMapping, { kind: 'machine-info' | 'machine' | 'machine-line' | 'machine-used' }>,
    labels: Labels,
    value: number,
  ): void {
    const id = firstLabel(labels, dialect.machineLabels ?? []);
    if (id === null) return;
    let machine = this.machines.get(id);
    if (machine === undefined) {
      machine = {
        id,
        hostname: null,
        model: null,
        signals: {},
        usedGpus: new Map(),
        downloadBitsPerSecond: null,
        uploadBitsPerSecond: null,
      };
      this.machines.set(id, machine);
    }
    if (mapping.kind === 'machine-info') {
      machine.hostname = text(labels[mapping.host]);
      machine.model = normaliseModel(labels[mapping.model] ?? '');
    } else if (mapping.kind === 'machine') {
      const known = convert(value, mapping);
      if (known !== null) machine.signals[mapping.signal] = known;
    } else if (mapping.kind === 'machine-used') {
      if (Number.isFinite(value)) machine.usedGpus.set(labels[mapping.label] ?? '', value);
    } else if (value > 0) {
      if (labels[mapping.direction] === 'down') machine.downloadBitsPerSecond = value;
      if (labels[mapping.direction] === 'up') machine.uploadBitsPerSecond = value;
    }
  }

  #market(mapping: Extract<SeriesMapping, { kind: 'market-count' | 'market-price' }>, labels: Labels, value: number) {
    const model = normaliseModel(labels['gpu_name'] ?? '');
    if (model === null || !Number.isFinite(value)) return;
    let market = this.market.get(model);
    if (market === undefined) {
      market = { model, prices: [], counts: [] };
      this.market.set(model, market);
    }
    const rented = labels['rented'] ?? '';
    const verified = labels['verified'] ?? '';
    if (mapping.kind === 'market-count') market.counts.push({ rented, verified, value });
    // A price of 0 is a placeholder for "no offer".
    else if (value > 0) market.prices.push({ quantile: mapping.quantile, rented, verified, value });
  }
}

function firstLabel(labels: Labels, names: readonly string[]): string | null {
  for (const name of names) {
    const value = labels[name];
    if (value !== undefined && value !== '') return value;
  }
  return null;
}

function wholeNumber(raw: string | undefined): number | null {
  return raw !== undefined && /^\d+$/.test(raw) ? Number(raw) : null;
}

function addText(set: Set<string>, raw: string | undefined): void {
  if (raw !== undefined && raw !== '') set.add(raw);
}

function text(raw: string | undefined): string | null {
  const trimmed = raw?.trim() ?? '';
  return trimmed === '' || trimmed === '[N/A]' ? null : trimmed;
}
