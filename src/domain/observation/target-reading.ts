import type { Dialect, SeriesMapping } from '../dialect.ts';
import { normaliseModel } from '../model-name.ts';
import type { XidEvent } from '../rig.ts';
import type { TargetFailureKind } from '../snapshot.ts';
import { CardReading } from './card-reading.ts';
import type { FamilyMapping } from './families.ts';
import { addHostSample, type HostReading, nothingOfHost } from './host-reading.ts';
import { addMachineSample, addMarketSample, type MachineReading, type MarketReading } from './marketplace-reading.ts';
import { convert, firstLabel, type Labels, normaliseBus, normaliseUuid, text, wholeNumber } from './raw-values.ts';

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
        addMachineSample(this.machines, family.dialect, mapping, labels, value);
        return;
      case 'market-count':
      case 'market-price':
        addMarketSample(this.market, mapping, labels, value);
        return;
      default:
        this.host ??= nothingOfHost();
        addHostSample(this.host, mapping, labels, value);
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
}
