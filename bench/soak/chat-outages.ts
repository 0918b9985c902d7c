/** When which fault of a platform was there. Instants by `performance.now()`. */
export class Outages {
  readonly #known: { readonly kind: string; readonly fromMs: number; toMs: number }[] = [];
  readonly counts = new Map<string, number>();

  /** Returns what says that it is over. */
  begin(kind: string): () => void {
    const outage = { kind, fromMs: performance.now(), toMs: Number.POSITIVE_INFINITY };
    this.#known.push(outage);
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    return () => {
      outage.toMs = performance.now();
    };
  }

  /** Kinds that were there at some instant between. */
  between(fromMs: number, toMs: number): readonly string[] {
    return this.#known.filter((outage) => outage.fromMs <= toMs && outage.toMs >= fromMs).map(({ kind }) => kind);
  }
}
