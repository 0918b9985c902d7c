import { normaliseModel } from '../model-name.ts';
import { CardReading } from './card-reading.ts';
import type { DrmCard, PciDevice, PciIdentity, PciReading } from './pci-reading.ts';
import { convert } from './raw-values.ts';

const vendors = { nvidia: '10de', amd: '1002' } as const;

/** The models that a device may be; null for one that is no card of a rig, as the graphics of a processor. */
export type CardModels = (identity: PciIdentity) => readonly (string | null)[] | null;

/** Display controllers of NVIDIA and AMD, those of their processors among them. */
function graphics(pci: PciReading): readonly { readonly bus: string; readonly identity: PciIdentity }[] {
  return [...pci.devices.values()].flatMap(({ bus, identity }) =>
    identity !== null &&
    /^030[02]/.test(identity.class) &&
    (identity.vendor === vendors.nvidia || identity.vendor === vendors.amd)
      ? [{ bus, identity }]
      : [],
  );
}

/** The cards of a rig of which no exporter prints any card, by PCI address; a model only where there is no choice. */
export function cardsOnPci(pci: PciReading, modelsOf: CardModels): CardReading[] {
  return graphics(pci).flatMap(({ bus, identity }) => {
    const models = modelsOf(identity);
    const card = models === null ? null : readingAt(pci, bus);
    if (models === null || card === null) return [];
    const [model = null] = models;
    card.model = models.length === 1 && model !== null ? normaliseModel(model) : null;
    return [card];
  });
}

/** What the host says of the card at an address: its link and its sensors. Null where it says nothing. */
export function readingAt(pci: PciReading, bus: string): CardReading | null {
  const device = pci.devices.get(bus);
  const chips = new Set([...pci.chips].filter(([, at]) => at === bus).map(([chip]) => chip));
  const isDrm = [...pci.drm.values()].some((drm) => drm.bus === bus);
  if (device === undefined && chips.size === 0 && !isDrm) return null;
  const card = new CardReading(pci.source, bus);
  card.bus = bus;
  if (device !== undefined) addLink(card, ownBridge(pci, device));
  for (const drm of pci.drm.values()) if (drm.bus === bus) addDrm(card, drm);
  for (const { chip, sensor, mapping, place, value } of pci.sensorValues) {
    if (!chips.has(chip)) continue;
    const signal = mapping.signals[pci.sensorTexts.get(`${chip} ${sensor}`) ?? ''] ?? mapping.signals['*'];
    const known = convert(value, mapping);
    if (signal !== undefined && known !== null) card.set(signal, known, place);
  }
  return card;
}

/**
 * AMD cards since Vega carry a switch of their own: the card's own link is the one behind it, always at full width and
 * speed, and the link to the slot is that of the switch's upper port (drivers/gpu/drm/amd/amdgpu/amdgpu_device.c skips
 * bridges of vendor 0x1002 for the same reason).
 */
function ownBridge(pci: PciReading, device: PciDevice): PciDevice {
  if (device.identity?.vendor !== vendors.amd) return device;
  const seen = new Set([device]);
  let top = device;
  for (;;) {
    const bridge = top.parent === null ? undefined : pci.devices.get(top.parent);
    if (bridge?.identity?.vendor !== vendors.amd || seen.has(bridge)) return top;
    seen.add(bridge);
    top = bridge;
  }
}

function addDrm(card: CardReading, { values }: DrmCard): void {
  const size = values.get('size');
  const used = values.get('used');
  const busy = values.get('busy');
  if (size !== null) card.set('vramTotalBytes', size);
  if (used !== null) card.set('vramUsedBytes', used);
  if (busy !== null) card.set('utilisationRatio', busy);
}

/** Widths that there are; the kernel prints 63 or 255 for a device that sleeps. */
const widths = new Set([1, 2, 4, 8, 12, 16, 32]);

function addLink(card: CardReading, { link }: PciDevice): void {
  const width = link.get('width');
  const widthMax = link.get('widthMax');
  const transfers = link.get('transfers');
  const transfersMax = link.get('transfersMax');
  if (width !== null && widths.has(width)) card.set('pcieWidth', width);
  if (widthMax !== null && widths.has(widthMax)) card.set('pcieWidthMax', widthMax);
  if (transfers !== null) card.set('pcieTransfers', transfers);
  if (transfersMax !== null) card.set('pcieTransfersMax', transfersMax);
}

/**
 * The memory of each of `cards` as the graphics driver knows it, where it prints no address: only where it names as many
 * cards as there are and all have the same, else null. Bytes.
 */
export function commonVramBytes(pci: PciReading, cards: readonly { readonly model: string | null }[]): number | null {
  const known = [...pci.drm.values()];
  if (known.length === 0 || known.some(({ bus }) => bus !== null)) return null;
  const sizes = new Set(known.map(({ values }) => values.get('size')));
  const [size = null] = sizes;
  if (sizes.size > 1 || size === null || known.length !== cards.length) return null;
  const listed = graphics(pci);
  if (listed.length > 0) return listed.length === cards.length && listed.every(isAmd) ? size : null;
  // The driver of AMD's cards alone prints sizes: a card of another make is none of those that it names.
  return cards.every(({ model }) => model !== null && /^(?:RX|Radeon|Vega|Instinct|MI)\b/i.test(model)) ? size : null;
}

function isAmd({ identity }: { readonly identity: PciIdentity }): boolean {
  return identity.vendor === vendors.amd;
}
