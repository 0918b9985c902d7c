import { openStore } from '../../adapters/store/open-store.ts';
import type { AccountRow, LedgerBatch, LedgerRow } from '../../src/domain/ledger.ts';
import { workStates } from '../../src/domain/work-state.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Violations } from './violations.ts';

const allTime = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

/** Looks at the ledger as a reader and remembers every row: what was committed once must stay as it was. */
export class LedgerWatch {
  readonly #database: string;
  readonly #farm: string;
  readonly #clock: Clock;
  readonly #violations: Violations;
  #seen: ReadonlyMap<string, string> = new Map();

  constructor(options: {
    readonly database: string;
    readonly farm: string;
    readonly clock: Clock;
    readonly violations: Violations;
  }) {
    this.#database = options.database;
    this.#farm = options.farm;
    this.#clock = options.clock;
    this.#violations = options.violations;
  }

  async look(): Promise<LedgerBatch> {
    const store = await openStore({ url: `sqlite:${this.#database}`, farm: this.#farm, mode: 'reader' });
    try {
      const [rows, accounts] = await Promise.all([store.ledger.rows(allTime), store.ledger.accounts(allTime)]);
      this.#compare(rows, accounts);
      this.#checkOverlaps(rows);
      for (const row of rows) this.#checkRow(row);
      return { rows, accounts };
    } finally {
      await store.close();
    }
  }

  #compare(rows: readonly LedgerRow[], accounts: readonly AccountRow[]): void {
    const found = new Map<string, string>();
    for (const row of [...rows, ...accounts]) {
      const key = keyOf(row);
      if (found.has(key)) this.#violations.add('a period is in the ledger twice', key);
      found.set(key, JSON.stringify(row));
    }
    for (const [key, before] of this.#seen) {
      const now = found.get(key);
      if (now === undefined) this.#violations.add('a committed period is gone', key);
      else if (now !== before) this.#violations.add('a committed period has changed', `${before} -> ${now}`);
    }
    this.#seen = found;
  }

  #checkOverlaps(rows: readonly LedgerRow[]): void {
    const ends = new Map<string, number>();
    for (const row of rows) {
      if (row.startMs < (ends.get(row.rig) ?? 0)) this.#violations.add('periods of a rig overlap', keyOf(row));
      ends.set(row.rig, row.startMs + row.seconds * 1000);
    }
  }

  #checkRow(row: LedgerRow): void {
    const { startMs, seconds, observedSeconds, stateSeconds, cardJoules, powerSeconds } = row;
    if (startMs + seconds * 1000 > this.#clock.now()) this.#violations.add('a period has not ended', keyOf(row));
    if (!(observedSeconds <= seconds * (1 + 1e-9)))
      this.#violations.add('more seconds observed than there are', `${keyOf(row)}: ${observedSeconds} of ${seconds}`);
    const figures = [observedSeconds, powerSeconds, cardJoules ?? 0, ...workStates.map((state) => stateSeconds[state])];
    if (!figures.every((figure) => Number.isFinite(figure) && figure >= 0))
      this.#violations.add('a figure is no amount', JSON.stringify(row));
  }
}

export function keyOf(row: LedgerRow | AccountRow): string {
  return `${'rig' in row ? row.rig : row.instance} ${new Date(row.startMs).toISOString()}`;
}
