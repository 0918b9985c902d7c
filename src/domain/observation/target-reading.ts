import {
  type CardSignal,
  type Conversion,
  cardSignals,
  type Dialect,
  type MachineSignal,
  type SeriesMapping,
} from '../dialect.ts';
import { normaliseModel } from '../model-name.ts';
import type { XidEvent } from '../rig.ts';
import type { TargetFailureKind } from '../snapshot.ts';

const signalIndex = Object.fromEntries(cardSignals.map((signal, index) => [signal, index])) as Record<
  CardSignal,
  number
>;

type Labels = Readonly<Record<string, string>>;

export interface FamilyMapping {
  readonly dialect: Dialect;
  readonly mapping: SeriesMapping;
}

/** Every series name that some dialect maps. */
export function familiesOf(dialects: readonly Dialect[]): ReadonlyMap<string, FamilyMapping> {
  const families = new Map<string, FamilyMapping>();
  for (const dialect of dialects) {
    for (const [name, mapping] of Object.entries(dialect.series)) families.set(name, { dialect, mapping });
  }
  return families;
}

/** One card as one exporter sees it. */
export class CardReading {
  readonly dialect: Dialect;
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
  readonly #numbers = new Float64Array(cardSignals.length).fill(Number.NaN);

  constructor(dialect: Dialect, slot: string) {
    this.dialect = dialect;
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
  payoutUsd: number | null = null;
  atMs: number | null = null;
  failure: { kind: TargetFailureKind; message: string } | null = null;
  #xidsWatched = false;
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
    for (const label of dialect.nameLabels) {
      const name = labels[label];
      if (name !== undefined && name !== '') this.names.set(label, name);
    }
    if (mapping.kind === 'card') {
      const known = convert(value, mapping);
      if (known !== null) this.#card(dialect, labels)?.set(mapping.signal, known);
      else this.#card(dialect, labels);
      return;
    }
    this.#other(dialect, mapping, labels, value);
  }

  done(atMs: number): void {
    this.atMs = atMs;
    for (const card of this.cards.values()) {
      if (card.xids === null && this.#xidsWatched) card.xids = new Map();
      if (card.processes === null && card.get('computeApps') === 0) card.processes = new Set();
    }
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
    this.payoutUsd = null;
  }

  /** Whether this target speaks of an account's machines only and is no rig itself. */
  get isAccount(): boolean {
    if (this.dialects.size === 0) return false;
    for (const dialect of this.dialects) if (dialect.scope !== 'account') return false;
    return true;
  }

  #card(dialect: Dialect, labels: Labels): CardReading | null {
    const spec = dialect.card;
    if (spec === undefined) return null;
    const slot = firstLabel(labels, spec.slot);
    if (slot === null) return null;
    const key = `${dialect.id}\n${slot}`;
    let card = this.cards.get(key);
    if (card === undefined) {
      card = new CardReading(dialect, slot);
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

  #other(dialect: Dialect, mapping: Exclude<SeriesMapping, { kind: 'card' }>, labels: Labels, value: number): void {
    switch (mapping.kind) {
      case 'card-info':
        this.#card(dialect, labels);
        return;
      case 'card-process': {
        const card = this.#card(dialect, labels);
        const name = text(labels[mapping.label]);
        if (card === null || name === null) return;
        card.processes ??= new Set();
        card.processes.add(name);
        return;
      }
      case 'card-xid': {
        const code = wholeNumber(labels[mapping.label]);
        if (code === null || !(value > 0)) return;
        this.#xid(dialect, labels, code, mapping.value === 'last-seconds' ? value * 1000 : null);
        return;
      }
      case 'card-xid-last':
        if (!Number.isFinite(value) || value >= 9.2e18) return;
        if (value === 0) {
          const card = this.#card(dialect, labels);
          if (card !== null) card.xids ??= new Map();
        } else this.#xid(dialect, labels, value, null);
        return;
      case 'xids-watched':
        this.#xidsWatched = true;
        return;
      case 'miner-algorithm':
        this.algorithm = text(labels[mapping.label])?.toLowerCase() ?? null;
        return;
      case 'pci-width': {
        const bus = normaliseBus(
          `${labels['segment']}:${labels['bus']}:${labels['device']}.${labels['function']}`,
        );
        if (bus !== null && value > 0) this.pciWidths.set(bus, value);
        return;
      }
      case 'machine-info':
      case 'machine':
      case 'machine-line':
      case 'machine-used':
        this.#machine(dialect, mapping, labels, value);
        return;
      case 'market-count':
      case 'market-price':
        this.#market(mapping, labels, value);
        return;
      case 'payout':
        if (Number.isFinite(value)) this.payoutUsd = (this.payoutUsd ?? 0) + value;
        return;
      default:
        this.#host(mapping, labels, value);
    }
  }

  #xid(dialect: Dialect, labels: Labels, code: number, lastAtMs: number | null): void {
    const card = this.#card(dialect, labels);
    if (card === null) return;
    card.xids ??= new Map();
    const known = card.xids.get(code);
    card.xids.set(code, { code, lastAtMs: lastAtMs ?? known?.lastAtMs ?? null });
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
        host.cores.add(`${labels[mapping.package]}/${labels[mapping.core]}`);
        host.cpuModel ??= text(labels[mapping.model]);
        return;
      case 'host-cpu-thread':
        if (Object.entries(mapping.only).every(([label, wanted]) => labels[label] === wanted)) {
          host.threads.add(labels[mapping.cpu] ?? '');
        }
        return;
      case 'host-cpu-flag':
        host.flags.add(labels[mapping.label] ?? '');
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

/** The canonical value, or null where the raw one means "not supported". */
export function convert(raw: number, conversion: Conversion): number | null {
  if (!Number.isFinite(raw)) return null;
  if (conversion.unknown?.includes(raw) === true) return null;
  if (conversion.unknownFrom !== undefined && raw >= conversion.unknownFrom) return null;
  return conversion.factor === undefined ? raw : raw * conversion.factor;
}

/** Lower case without `GPU-`; the all-zero UUID of a redacted or virtual card is absent. */
export function normaliseUuid(raw: string | undefined): string | null {
  const uuid = (raw ?? '').trim().toLowerCase().replace(/^gpu-/, '');
  return uuid === '' || /^[0-]+$/.test(uuid) || uuid === '[n/a]' ? null : uuid;
}

/** `DDDD:BB:DD.F` from the forms that exporters print: `00000000:0C:00.0`, `0000:0c:00.0`, `0c:00.0`, `0:12:0`. */
export function normaliseBus(raw: string | undefined): string | null {
  const match = /^(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})(?:[.:]([0-7]))?$/i.exec((raw ?? '').trim());
  if (match === null) return null;
  const hex = (part: string | undefined, digits: number) =>
    Number.parseInt(part ?? '0', 16)
      .toString(16)
      .padStart(digits, '0');
  return `${hex(match[1], 4)}:${hex(match[2], 2)}:${hex(match[3], 2)}.${match[4] ?? '0'}`;
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

function text(raw: string | undefined): string | null {
  const trimmed = raw?.trim() ?? '';
  return trimmed === '' || trimmed === '[N/A]' ? null : trimmed;
}
