import { UpstreamError } from '../../src/domain/errors.ts';
import type { AccountRow, LedgerBatch, LedgerRow } from '../../src/domain/ledger.ts';
import type { LedgerRange, LedgerStore, ModelUse } from '../../src/ports/store.ts';

/** A ledger that survives the application, as a store on disk does; everything goes through JSON. */
export class MemoryLedger implements LedgerStore {
  readonly #rows = new Map<string, LedgerRow>();
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
      insertNew(this.#rows, batch.rows, ({ rig, startMs }) => `${rig} ${startMs}`) +
      insertNew(this.#accounts, batch.accounts, ({ instance, startMs }) => `${instance} ${startMs}`);
    const known = batch.rows.length + batch.accounts.length - inserted;
    this.known += known;
    return { inserted, known };
  }

  async rows(range: LedgerRange): Promise<readonly LedgerRow[]> {
    return [...this.#rows.values()]
      .filter((row) => inRange(row, range))
      .filter(({ rig, site }) => (range.rig ?? rig) === rig && (range.site ?? site) === site)
      .sort((a, b) => a.startMs - b.startMs || (a.rig < b.rig ? -1 : 1));
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
    const starts = Array.from(this.#rows.values(), ({ startMs }) => startMs);
    return starts.length === 0 ? null : Math.max(...starts);
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
