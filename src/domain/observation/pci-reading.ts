import type { Dialect, SeriesMapping } from '../dialect.ts';
import { convert, type Labels, normaliseBus } from './raw-values.ts';
import { SignalValues } from './signal-values.ts';

type PciMapping = Extract<
  SeriesMapping,
  { kind: 'pci-info' | 'pci' | 'drm-card' | 'drm-busy' | 'drm-vram' | 'hwmon-chip' | 'hwmon-label' | 'hwmon-value' }
>;
type LinkSignal = Extract<SeriesMapping, { kind: 'pci' }>['signal'];
type HwmonMapping = Extract<SeriesMapping, { kind: 'hwmon-value' }>;

/** Hexadecimal digits without `0x`, lower case. */
export interface PciIdentity {
  readonly vendor: string;
  readonly device: string;
  readonly revision: string;
  readonly class: string;
}

export interface PciDevice {
  readonly bus: string;
  /** Null where only its link is printed. */
  identity: PciIdentity | null;
  /** The address of the bridge that it hangs on. */
  parent: string | null;
  readonly link: SignalValues<LinkSignal>;
}

/** A card as the kernel's graphics driver names it. */
export interface DrmCard {
  /** Null where nobody prints its address. */
  bus: string | null;
  readonly values: SignalValues<'size' | 'used' | 'busy'>;
}

interface SensorValue {
  readonly chip: string;
  readonly sensor: string;
  readonly mapping: HwmonMapping;
  readonly place: number;
  readonly value: number;
}

/** What the host itself says of what sits on its PCI buses. */
export interface PciReading {
  readonly source: { readonly dialect: Dialect; readonly rank: number };
  /** By normalised PCI address. */
  readonly devices: Map<string, PciDevice>;
  /** By the graphics driver's name of the card. */
  readonly drm: Map<string, DrmCard>;
  /** Chips of the wanted name, with the PCI address that their label ends in. */
  readonly chips: Map<string, string>;
  /** Texts of sensors, by chip and sensor. */
  readonly sensorTexts: Map<string, string>;
  readonly sensorValues: SensorValue[];
}

export function nothingOfPci(source: PciReading['source']): PciReading {
  return {
    source,
    devices: new Map(),
    drm: new Map(),
    chips: new Map(),
    sensorTexts: new Map(),
    sensorValues: [],
  };
}

export function addPciSample(pci: PciReading, mapping: PciMapping, labels: Labels, value: number, place: number): void {
  if (!Number.isFinite(value)) return;
  switch (mapping.kind) {
    case 'pci-info': {
      const device = deviceAt(pci, addressOf(labels, ''));
      if (device === null) return;
      device.parent = addressOf(labels, 'parent_');
      device.identity = {
        vendor: hexadecimal(labels[mapping.vendor]),
        device: hexadecimal(labels[mapping.device]),
        revision: hexadecimal(labels[mapping.revision]),
        class: hexadecimal(labels[mapping.class]),
      };
      return;
    }
    case 'pci': {
      const known = convert(value, mapping);
      if (known !== null) deviceAt(pci, addressOf(labels, ''))?.link.add(mapping.signal, known, place);
      return;
    }
    case 'drm-card':
      drmCard(pci, labels[mapping.card]).bus ??= busOfChip(labels[mapping.chip] ?? '');
      return;
    case 'drm-busy': {
      const known = convert(value, mapping);
      if (known !== null) drmCard(pci, labels[mapping.card]).values.add('busy', known, place);
      return;
    }
    case 'drm-vram':
      if (value > 0 || mapping.value === 'used')
        drmCard(pci, labels[mapping.card]).values.add(mapping.value, value, place);
      return;
    case 'hwmon-chip': {
      const chip = labels[mapping.chip] ?? '';
      const bus = labels[mapping.name] === mapping.chipName ? busOfChip(chip) : null;
      if (bus !== null) pci.chips.set(chip, bus);
      return;
    }
    case 'hwmon-label':
      pci.sensorTexts.set(`${labels[mapping.chip]} ${labels[mapping.sensor]}`, labels[mapping.text] ?? '');
      return;
    case 'hwmon-value': {
      const chip = labels[mapping.chip] ?? '';
      if (busOfChip(chip) !== null) {
        pci.sensorValues.push({ chip, sensor: labels[mapping.sensor] ?? '', mapping, place, value });
      }
    }
  }
}

function deviceAt(pci: PciReading, bus: string | null): PciDevice | null {
  if (bus === null) return null;
  let device = pci.devices.get(bus);
  if (device === undefined) {
    device = { bus, identity: null, parent: null, link: new SignalValues() };
    pci.devices.set(bus, device);
  }
  return device;
}

function drmCard(pci: PciReading, name = ''): DrmCard {
  let card = pci.drm.get(name);
  if (card === undefined) {
    card = { bus: null, values: new SignalValues() };
    pci.drm.set(name, card);
  }
  return card;
}

function addressOf(labels: Labels, prefix: string): string | null {
  const part = (name: string) => labels[`${prefix}${name}`];
  return normaliseBus(`${part('segment')}:${part('bus')}:${part('device')}.${part('function')}`);
}

function hexadecimal(raw: string | undefined): string {
  return (raw ?? '').toLowerCase().replace(/^0x/, '');
}

/** `0000:03:00.0` of `0000:00:03_1_0000:03:00_0`: node_exporter prints `_` for what stands in no name. */
function busOfChip(chip: string): string | null {
  const match = /(?:^|_)([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2})[._]([0-7])$/i.exec(chip);
  return match === null ? null : normaliseBus(`${match[1]}.${match[2]}`);
}
