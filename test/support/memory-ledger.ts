import { UpstreamError } from '../../src/domain/errors.ts';
import type { AccountRow, LedgerBatch, LedgerRow } from '../../src/domain/ledger.ts';
import type { LedgerRange, LedgerStore, ModelUse } from '../../src/ports/store.ts';

/** A ledger that survives the application, as a store on disk does; everything goes through JSON. */
export class MemoryLedger implements LedgerStore {
  readonly #rows = new Map<string, LedgerRow>();
  readonly #days = new Map<string, LedgerRow>();
  readonly #accounts = new Map<string, AccountRow>();
  #open: string | null = null;
  /** While set, every write fails. */
  failing = false;
  /** Rows that were offered although they were there. */
  known = 0;
  commits = 0;
  saves = 0;

  async commit(batch: LedgerBatch): Promise<{ inserted: number; known: number }> {
    this.#check();
    this.commits += 1;
    const inserted =
      insertNew(this.#rows, batch.rows, keyOf) +
      insertNew(
        this.#accounts,
        batch.accounts,
        ({ platform, instance, startMs }) => `${platform} ${instance} ${startMs}`,
      );
    const known = batch.rows.length + batch.accounts.length - inserted;
    this.known += known;
    return { inserted, known };
  }

  async rows(range: LedgerRange): Promise<readonly LedgerRow[]> {
    return inOrder(this.#rows, range).filter((row) => inRange(row, range));
  }

  async days(range: LedgerRange): Promise<readonly LedgerRow[]> {
    return inOrder(this.#days, range).filter((day) => overlaps(day, range));
  }

  async commitDays(days: readonly LedgerRow[]): Promise<{ inserted: number; known: number }> {
    this.#check();
    const inserted = insertNew(this.#days, days, keyOf);
    return { inserted, known: days.length - inserted };
  }

  async newestDayMs(): Promise<number | null> {
    return startsOf(this.#days).at(-1) ?? null;
  }

  async oldestStartMs(): Promise<number | null> {
    return startsOf(this.#rows).at(0) ?? null;
  }

  async forgetHours(beforeMs: number, limit: number): Promise<number> {
    this.#check();
    const old = Array.from(this.#rows)
      .filter(([, { startMs }]) => startMs < beforeMs)
      .toSorted(([, a], [, b]) => byStartThenRig(a, b))
      .slice(0, limit);
    for (const [key] of old) this.#rows.delete(key);
    return old.length;
  }

  async accounts(range: LedgerRange): Promise<readonly AccountRow[]> {
    return [...this.#accounts.values()].filter((row) => inRange(row, range)).sort((a, b) => a.startMs - b.startMs);
  }

  async modelUse(range: LedgerRange): Promise<readonly ModelUse[]> {
    const byModel = new Map<string, { observedSeconds: number; rentedSeconds: number }>();
    for (const row of await this.rows(range)) {
      for (const { model, observedSeconds, rentedSeconds } of row.models) {
        if (model === null || rentedSeconds === null) continue;
        const use = byModel.get(model) ?? { observedSeconds: 0, rentedSeconds: 0 };
        byModel.set(model, {
          observedSeconds: use.observedSeconds + observedSeconds,
          rentedSeconds: use.rentedSeconds + rentedSeconds,
        });
      }
    }
    return Array.from(byModel, ([model, use]) => ({ model, ...use })).sort((a, b) => (a.model < b.model ? -1 : 1));
  }

  async newestStartMs(): Promise<number | null> {
    return startsOf(this.#rows).at(-1) ?? null;
  }

  async saveOpen(state: string): Promise<void> {
    this.#check();
    this.saves += 1;
    this.#open = state;
  }

  async loadOpen(): Promise<string | null> {
    return this.#open;
  }

  async commitAndSaveOpen(batch: LedgerBatch, state: string): Promise<{ inserted: number; known: number }> {
    const result = await this.commit(batch);
    this.#open = state;
    return result;
  }

  #check(): void {
    if (this.failing) throw new UpstreamError('store', 'the disk is full');
  }
}

function keyOf({ rig, startMs }: LedgerRow): string {
  return `${rig} ${startMs}`;
}

function byStartThenRig(a: LedgerRow, b: LedgerRow): number {
  return a.startMs - b.startMs || (a.rig < b.rig ? -1 : 1);
}

function inOrder(rows: ReadonlyMap<string, LedgerRow>, range: LedgerRange): LedgerRow[] {
  return [...rows.values()]
    .filter(({ rig, site }) => (range.rig ?? rig) === rig && (range.site ?? site) === site)
    .sort(byStartThenRig);
}

function startsOf(rows: ReadonlyMap<string, LedgerRow>): number[] {
  return Array.from(rows.values(), ({ startMs }) => startMs).sort((a, b) => a - b);
}

function overlaps({ startMs, seconds }: LedgerRow, { fromMs, toMs }: LedgerRange): boolean {
  return startMs < toMs && startMs + seconds * 1_000 > fromMs;
}

function inRange({ startMs }: { startMs: number }, { fromMs, toMs }: LedgerRange): boolean {
  return startMs >= fromMs && startMs < toMs;
}

function insertNew<Row>(into: Map<string, Row>, rows: readonly Row[], keyOf: (row: Row) => string): number {
  let inserted = 0;
  for (const row of rows) {
    const key = keyOf(row);
    if (into.has(key)) continue;
    into.set(key, JSON.parse(JSON.stringify(row)));
    inserted += 1;
  }
  return inserted;
}
