import type { IdentityConflict } from '../snapshot.ts';
import type { JoinedCard, JoinedCards } from './join-cards.ts';

export interface RigCards {
  readonly rig: string;
  readonly joined: JoinedCards;
}

export interface HousedCards {
  /** By rig; a card that two rigs print is left in one of them. */
  readonly joined: ReadonlyMap<string, JoinedCards>;
  /** Rig by UUID. */
  readonly homes: ReadonlyMap<string, string>;
  readonly conflicts: readonly IdentityConflict[];
}

/** UUIDs that a conflict names; the others are counted. */
const MOST_NAMED = 3;

/**
 * Puts each card into one rig: of those that print its UUID the one whose own exporter does, before one that a farm's
 * exporter speaks of; else the first in the alphabet. Yields after each rig.
 */
export function* houseCardsInSteps(rigs: readonly RigCards[]): Generator<void, HousedCards> {
  const homes = new Map<string, string>();
  const claims = new Map<string, Claim>();
  const shared = new Set<string>();
  for (const { rig, joined } of rigs) {
    for (const card of joined.cards) {
      if (card.uuid === null) continue;
      const claim = { rig, isDirect: isDirect(card) };
      const other = claims.get(card.uuid);
      if (other !== undefined && other.rig !== rig) shared.add(card.uuid);
      if (other === undefined || isStronger(claim, other)) {
        claims.set(card.uuid, claim);
        homes.set(card.uuid, rig);
      }
    }
    yield;
  }
  const joinedByRig = new Map<string, JoinedCards>();
  const lost = new Map<string, { from: string; to: string; uuids: string[] }>();
  for (const { rig, joined } of rigs) {
    const isElsewhere = ({ uuid }: JoinedCard) => uuid !== null && shared.has(uuid) && homes.get(uuid) !== rig;
    const gone = shared.size === 0 ? [] : joined.cards.filter(isElsewhere);
    for (const { uuid } of gone) {
      const to = homes.get(uuid as string) as string;
      const pair = JSON.stringify([to, rig]);
      const known = lost.get(pair) ?? { from: rig, to, uuids: [] };
      known.uuids.push(uuid as string);
      lost.set(pair, known);
    }
    joinedByRig.set(rig, gone.length === 0 ? joined : without(joined, gone, homes));
    yield;
  }
  return { joined: joinedByRig, homes, conflicts: [...lost.values()].map(conflict) };
}

interface Claim {
  readonly rig: string;
  readonly isDirect: boolean;
}

function isDirect({ readings }: JoinedCard): boolean {
  return readings.some(({ dialect }) => dialect.scope === 'rig');
}

function isStronger(claim: Claim, other: Claim): boolean {
  if (claim.isDirect !== other.isDirect) return claim.isDirect;
  return claim.rig < other.rig;
}

function without(joined: JoinedCards, gone: readonly JoinedCard[], homes: ReadonlyMap<string, string>): JoinedCards {
  const left = new Set(gone);
  const problems = gone.map(
    ({ uuid }) => `card ${uuid} is printed by rig ${homes.get(uuid as string)} too and counts there`,
  );
  return {
    ...joined,
    cards: joined.cards.filter((card) => !left.has(card)),
    problems: [...joined.problems, ...problems],
  };
}

function conflict({ from, to, uuids }: { from: string; to: string; uuids: readonly string[] }): IdentityConflict {
  const sorted = [...uuids].sort();
  const named = sorted.slice(0, MOST_NAMED).join(', ');
  const more = sorted.length > MOST_NAMED ? ` (+${sorted.length - MOST_NAMED})` : '';
  return {
    kind: 'card-in-two-rigs',
    rigs: [from, to].sort(),
    message: `rigs ${from} and ${to} both print the cards ${named}${more}; they count in ${to}`,
    remedy:
      'if the two are one machine, give their exporters one rig name; else see which exporter runs on the wrong one',
  };
}
