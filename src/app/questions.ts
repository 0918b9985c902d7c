import type { AnyCommand } from '../chat/command.ts';
import type { CompleteName } from '../chat/complete-line.ts';
import { createDispatch, type OutcomeEvent } from '../chat/dispatch.ts';
import type { Say } from '../chat/languages/say.ts';
import type { ChangeLedger } from '../chat/make-change.ts';
import { createPresentation } from '../chat/presentation.ts';
import { createRateLimit, usualLimits } from '../chat/rate-limit.ts';
import { createRoleOf } from '../chat/roles.ts';
import type { Config } from '../config/parse.ts';
import { ledgerTiming, writtenAfterMs } from '../domain/ledger/timing.ts';
import { delayMsOf } from '../domain/metrics-settings.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { FleetContext } from '../fleet/context.ts';
import { createObserver, type Observer } from '../fleet/observe.ts';
import { renamedLedger } from '../fleet/renamed-ledger.ts';
import type { Dispatch } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { MetricsSource } from '../ports/metrics.ts';
import type { Store } from '../ports/store.ts';

/** What can be asked, and how it is said; the same for a running bot and for one question. */
export interface Vocabulary {
  readonly commands: readonly AnyCommand<FleetContext>[];
  readonly sayIn: (locale: string) => Say;
}

export interface QuestionPorts extends Vocabulary {
  readonly source: MetricsSource;
  readonly store: Pick<Store, 'ledger' | 'audit' | 'cards' | 'targets' | 'changes'>;
  readonly clock: Clock;
  readonly log: Log;
}

export function observerOf({ farm, metrics }: Config, source: MetricsSource): Observer {
  return createObserver({ source, farm, metrics });
}

export function contextOf(
  { farm, metrics }: Config,
  { clock, source, store }: QuestionPorts,
  known: Pick<FleetContext, 'snapshot' | 'occupancies' | 'sourceFailure'>,
): FleetContext {
  const { audit } = store;
  const ledger = renamedLedger(store.ledger, farm.rigs);
  const explain: FleetContext['explain'] = (families, instance) => source.explain(families, instance);
  const timing = ledgerTiming(metrics.intervalMs, metrics.states, delayMsOf(metrics));
  const changes: FleetContext['changes'] = async (rig, limit) => {
    const names = [rig, ...(farm.rigs.get(rig)?.formerly ?? [])];
    const found = await Promise.all(names.map((name) => store.changes.list({ rig: name, limit })));
    return found
      .flat()
      .sort((a, b) => b.atMs - a.atMs)
      .slice(0, limit)
      .map((change) => ({ ...change, rig }));
  };
  return { farm, clock, ledger, audit, changes, writtenAfterMs: writtenAfterMs(timing), ...known, explain };
}

export function presentationOf({ farm, chat }: Config, { clock, sayIn }: Pick<QuestionPorts, 'clock' | 'sayIn'>) {
  return createPresentation({ locale: chat.locale, timeZone: farm.timezone, clock, sayIn });
}

/** `changes`: null where nothing can be changed. */
export function dispatchOf(
  config: Config,
  ports: QuestionPorts,
  context: FleetContext,
  changes: ChangeLedger | null,
  onOutcome?: (event: OutcomeEvent) => void,
): Dispatch {
  const { commands, log, clock } = ports;
  const limit = createRateLimit({ clock, ...usualLimits });
  return createDispatch({
    commands,
    context,
    log: log.child({ part: 'dispatch' }),
    clock,
    presentation: presentationOf(config, ports),
    roleOf: createRoleOf((platform) => (platform === 'discord' || platform === 'slack' ? config.chat[platform] : null)),
    changes,
    // Whoever may start the process slows down nobody but himself.
    rateLimit: (invocation) => {
      if (invocation.platform !== 'console' && invocation.platform !== 'ask') limit(invocation);
    },
    ...(onOutcome === undefined ? {} : { onOutcome }),
  });
}

/** Names of the fleet that begin with what was typed; rigs and models as observed, sites and coins as configured. */
export function completeNames({ farm }: Config, snapshot: () => Snapshot | null): CompleteName {
  return (kind, prefix) => {
    const rigs = snapshot()?.rigs ?? [];
    const names =
      kind === 'rig'
        ? rigs.map((rig) => rig.name)
        : kind === 'site'
          ? farm.sites.map((site) => site.name)
          : kind === 'coin'
            ? farm.market.coins.map((coin) => coin.coin)
            : [...new Set(rigs.flatMap((rig) => rig.gpus.flatMap((gpu) => gpu.model ?? [])))].sort();
    const wanted = prefix.toLowerCase();
    return names.filter((name) => name.toLowerCase().startsWith(wanted));
  };
}
