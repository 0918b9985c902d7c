import type { OutboxEntry } from '../ports/store.ts';

/** Per platform, so that one that hangs never holds up another. */
const MOST_IN_FLIGHT = 16;
/** Of these, what is not a page; so that pages always find room. */
const MOST_BUT_PAGES = 12;

interface Flight {
  readonly platform: string;
  readonly isPage: boolean;
  readonly lane: string;
  readonly done: Promise<void>;
}

/**
 * What may run at the same time: in a channel one page and one of the others, each sent or looked for, so that a page never
 * waits for a digest and keeps the order of pages; over the channels of a platform 16, of which 4 are for pages alone.
 */
export interface OutboxLanes {
  mayBegin(entry: OutboxEntry, what: 'send' | 'look'): boolean;
  /** `work` never rejects. */
  begin(entry: OutboxEntry, what: 'send' | 'look', work: () => Promise<void>): void;
  has(key: string): boolean;
  hasRoom(platform: string): boolean;
  /** Settles when everything that runs now has ended. */
  ended(): Promise<unknown>;
}

export function createOutboxLanes(onEnd: (key: string) => void): OutboxLanes {
  const flights = new Map<string, Flight>();

  function inFlight(platform: string): readonly Flight[] {
    return [...flights.values()].filter((flight) => flight.platform === platform);
  }

  return {
    has: (key) => flights.has(key),
    hasRoom: (platform) => inFlight(platform).length < MOST_IN_FLIGHT,
    mayBegin(entry, what) {
      if (flights.has(entry.key)) return false;
      const others = inFlight(entry.platform);
      if (others.length >= MOST_IN_FLIGHT || others.some(({ lane }) => lane === laneOf(entry, what))) return false;
      return isPage(entry) || others.filter((other) => !other.isPage).length < MOST_BUT_PAGES;
    },
    begin(entry, what, work) {
      const { key, platform } = entry;
      const done = work().finally(() => {
        flights.delete(key);
        onEnd(key);
      });
      flights.set(key, { platform, isPage: isPage(entry), lane: laneOf(entry, what), done });
    },
    ended: () => Promise.allSettled([...flights.values()].map(({ done }) => done)),
  };
}

function isPage({ priority }: OutboxEntry): boolean {
  return priority === 'page';
}

function laneOf(entry: OutboxEntry, what: 'send' | 'look'): string {
  return JSON.stringify([entry.channel, isPage(entry), what]);
}
