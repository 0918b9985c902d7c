import { Gauge, type Registry } from 'prom-client';

/** What the metrics read of the outbox; `oldestWaitingMs` is null where nothing is late. */
export interface WaitingPosts {
  readonly waiting: number;
  readonly sending: number;
  readonly failed: number;
  readonly unsure: number;
  readonly oldestWaitingMs: number | null;
}

/** The outbox as metrics, read at each scrape. While its store does not answer nothing is known and no series exists. */
export function registerOutboxMetrics(registry: Registry, status: () => Promise<WaitingPosts>): void {
  const registers = [registry];
  // Both are read at one scrape: the second waits for what the first has asked.
  let asked: Promise<WaitingPosts | null> | null = null;
  const ask = (): Promise<WaitingPosts | null> => {
    asked ??= status()
      .catch(() => null)
      .finally(() => {
        asked = null;
      });
    return asked;
  };
  new Gauge({
    name: 'rigshift_outbox_posts',
    help: 'Posts of the outbox by state, counted up to 200 each; failed and unsure ones were not delivered for certain.',
    labelNames: ['state'],
    registers,
    async collect() {
      const current = await ask();
      this.reset();
      if (current === null) return;
      for (const state of ['waiting', 'sending', 'failed', 'unsure'] as const) this.set({ state }, current[state]);
    },
  });
  new Gauge({
    name: 'rigshift_outbox_late_seconds',
    help: 'How long the oldest post that should have been sent has been waiting; 0 where nothing is late.',
    registers,
    async collect() {
      const current = await ask();
      if (current === null) this.remove();
      else this.set((current.oldestWaitingMs ?? 0) / 1000);
    },
  });
}
