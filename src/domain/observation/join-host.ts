import type { CardReading } from './card-reading.ts';
import type { JoinedCard, JoinedCards, RememberedCard } from './join-cards.ts';
import { type CardModels, cardsOnPci, readingAt } from './pci-cards.ts';
import type { PciReading } from './pci-reading.ts';

interface HostContext {
  readonly known: readonly RememberedCard[];
  /** What sits on a PCI bus; without it nothing there is a card. */
  readonly modelsOf?: CardModels;
}

/**
 * Where no exporter prints any card, what sits on the host's PCI buses are the cards, unless cards are known that nobody can
 * tell from them. A card that was seen there before lends its names.
 */
export function withCardsOnPci(
  joined: JoinedCards,
  buses: readonly PciReading[],
  { known, modelsOf }: HostContext,
): JoinedCards {
  if (modelsOf === undefined || joined.cards.length > 0 || joined.loose.length > 0) return joined;
  if (known.some(({ bus }) => bus === null)) return joined;
  const found = new Map(buses.flatMap((pci) => cardsOnPci(pci, modelsOf)).map((card) => [card.bus, card]));
  const cards = [...found.values()].map((card) => {
    const before = known.find(({ bus }) => bus === card.bus);
    const { uuid = null, index = null } = before ?? {};
    return { readings: [card], uuid, bus: card.bus, index, model: card.model ?? before?.model ?? null };
  });
  return { ...joined, cards: cards.sort((a, b) => ((a.bus ?? '') < (b.bus ?? '') ? -1 : 1)) };
}

/** With what the host says of the card at its address, which counts after what its own exporters say. */
export function withHost(card: JoinedCard, buses: readonly PciReading[]): JoinedCard {
  const { bus, readings } = card;
  if (bus === null || buses.length === 0) return card;
  const isThere = ({ rank, slot }: CardReading) => readings.some((card) => card.rank === rank && card.slot === slot);
  const found = buses.flatMap((pci) => readingAt(pci, bus) ?? []).filter((reading) => !isThere(reading));
  return found.length === 0 ? card : { ...card, readings: [...readings, ...found] };
}
