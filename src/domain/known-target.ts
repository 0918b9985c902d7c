import type { Asic } from './rig.ts';

/** An ASIC that was seen in a rig, and what never changes of it. */
export interface KnownAsic extends Pick<Asic, 'key' | 'model' | 'algorithm' | 'coin'> {
  readonly rig: string;
}

/** A machine of a marketplace account. */
export interface KnownMachine {
  readonly id: string;
  readonly hostname: string | null;
  readonly model: string | null;
}

/** A scrape target and what it said when it answered last: what it is to the fleet while it does not answer. */
export interface KnownTarget {
  /** Its address and its job: tells it from every other target. */
  readonly key: string;
  /** The rig that it was an exporter of when that rig was last up; null for none. */
  readonly rig: string | null;
  /** Whether it printed cards; null where it has never answered. */
  readonly hasCards: boolean | null;
  /** It is no exporter of a rig's own. */
  readonly isStranger: boolean;
  /** Rigs that it speaks of by name. */
  readonly parts: readonly string[];
  /** Machines of the marketplace account that it speaks for. */
  readonly machines: readonly KnownMachine[];
  /** ASICs of the rigs that it belongs to or speaks of, where it prints any. */
  readonly asics: readonly KnownAsic[];
  /** Since when it belongs to `rig`, Unix ms; of one that belongs to none, when it was first listed. */
  readonly firstSeenMs: number;
  /** When it was among the targets last, Unix ms; saved now and then, so it may be some hours late. */
  readonly listedMs: number;
}
