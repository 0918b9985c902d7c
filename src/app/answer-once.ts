import type { Answer } from '../chat/invocation.ts';
import type { Config } from '../config/parse.ts';
import { UpstreamError } from '../domain/errors.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { recallFleet } from '../fleet/keep-observation.ts';
import { OccupancyMeter } from '../fleet/occupancy.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import type { Store } from '../ports/store.ts';
import { contextOf, dispatchOf, observerOf, type QuestionPorts } from './questions.ts';

/** Observes once and answers one question; never writes anything. */
export async function answerOnce(config: Config, ports: QuestionPorts, text: string, locale: string): Promise<Answer> {
  let snapshot: Snapshot | null = null;
  let failure: unknown = null;
  try {
    snapshot = await observeOnce(config, ports.source, ports.store);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    failure = error;
  }
  const occupancies = await new OccupancyMeter(ports.store.ledger).measure(ports.clock.now());
  const context = contextOf(config, ports, {
    snapshot: () => {
      // Only a question that looks at the fleet fails with it: help still helps.
      if (failure !== null) throw failure;
      return snapshot;
    },
    occupancies: () => occupancies,
  });
  const dispatch = dispatchOf(config, ports, context, null);
  // Whoever may start the process is in charge.
  const user = { id: 'ask', name: 'ask', groups: [], administers: true };
  return dispatch({ platform: 'ask', text, user, channel: 'ask', locale, id: null });
}

/**
 * One observation; with a store, cards are missed that earlier processes saw.
 * @throws UpstreamError where the source as a whole cannot be read.
 */
export async function observeOnce(
  config: Config,
  source: MetricsSource,
  store: Pick<Store, 'cards' | 'targets'> | null = null,
): Promise<Snapshot> {
  const limitMs = Math.max(30_000, config.metrics.intervalMs);
  const observer = observerOf(config, source);
  if (store !== null) await recallFleet(observer, store);
  return observer.observe(AbortSignal.timeout(limitMs));
}
