import type { IdentityConflict } from '../snapshot.ts';
import type { CardReading } from './card-reading.ts';

/** Something that exporters of one rig say differently of its cards. */
export type CardConflict = Omit<IdentityConflict, 'rigs'>;

const byNameInstead = 'let the miner number cards by PCI bus, or use an exporter that prints their PCI bus or UUID';

/** Two readings of one card, of which the index disagrees; null where it does not. */
export function orderConflict(first: CardReading | undefined, second: CardReading): CardConflict | null {
  if (first === undefined || first.index === null || second.index === null || first.index === second.index) return null;
  return {
    kind: 'card-order',
    message: `${first.dialect.id} and ${second.dialect.id} number the cards differently: they are tied by UUID and PCI bus, and nothing by index`,
    remedy: 'start T-Rex with --pci-indexing, and use exporters that print the PCI bus or the UUID of each card',
  };
}

/** Cards whose indexes contradict the rig's, and whose models do not. */
export function tiedByModel([first]: readonly CardReading[]): CardConflict {
  return {
    kind: 'card-order',
    message: `${first?.dialect.id} numbers the cards in an order of its own: they are tied by their models, each of which is there once`,
    remedy: byNameInstead,
  };
}

/** An index that ties nothing. */
export function orderDoubt(message: string): CardConflict {
  return { kind: 'card-order', message, remedy: byNameInstead };
}

export function modelConflict(who: string, { index, model }: CardReading, other: string | null): CardConflict {
  return {
    kind: 'card-model',
    message: `${who} says card ${index} is a ${model}, others say ${other}`,
    remedy: byNameInstead,
  };
}

/** @param known how many cards the rig is known to have, those that have vanished among them. */
export function countConflict(who: string, printed: number, cards: number, known: number): CardConflict {
  return {
    kind: 'card-count',
    message: `${who} prints ${printed} card${printed === 1 ? '' : 's'}, the rig has ${cards}: its cards are not tied to the rig's`,
    remedy:
      printed === known && known > cards
        ? 'see to the card that has vanished, and start the miner again'
        : 'give the miner all cards of the rig, or use an exporter that prints their PCI bus or UUID',
  };
}
