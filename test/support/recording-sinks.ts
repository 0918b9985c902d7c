import type { TargetFailureKind } from '../../src/domain/snapshot.ts';
import type {
  Labels,
  MetricsSource,
  ObserveReport,
  TargetIdentity,
  TargetSink,
  WantedFamilies,
} from '../../src/ports/metrics.ts';

export interface RecordedSample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
  readonly timestampMs: number;
}

/** What a sink was told of one target. */
export interface RecordedTarget {
  readonly identity: TargetIdentity;
  readonly samples: RecordedSample[];
  outcome:
    | { readonly kind: 'open' }
    | { readonly kind: 'done'; readonly atMs: number; readonly samples: number }
    | { readonly kind: 'failed'; readonly failure: TargetFailureKind; readonly message: string };
}

/** Sinks that keep what they get, and object to a target that is closed twice or gets samples after its end. */
export class RecordingSinks {
  readonly targets: RecordedTarget[] = [];

  readonly open = (identity: TargetIdentity): TargetSink => {
    const target: RecordedTarget = { identity, samples: [], outcome: { kind: 'open' } };
    this.targets.push(target);
    const stillOpen = () => {
      if (target.outcome.kind !== 'open') throw new Error(`${identity.instance} is closed already`);
    };
    return {
      sample: (name, labels, value, timestampMs) => {
        stillOpen();
        target.samples.push({ name, labels, value, timestampMs });
      },
      done: (atMs, samples) => {
        stillOpen();
        target.outcome = { kind: 'done', atMs, samples };
      },
      fail: (failure, message) => {
        stillOpen();
        target.outcome = { kind: 'failed', failure, message };
      },
    };
  };

  of(instance: string): RecordedTarget {
    const target = this.targets.find(({ identity }) => identity.instance === instance);
    if (target === undefined) throw new Error(`${instance} was not observed`);
    return target;
  }
}

/** These families whole. */
export function wholeFamilies(names: Iterable<string>): WantedFamilies {
  return new Map([...names].map((name) => [name, null]));
}

/** `families`: names stand for whole families. */
export async function record(
  source: MetricsSource,
  families: WantedFamilies | readonly string[],
  signal: AbortSignal = new AbortController().signal,
): Promise<{ readonly report: ObserveReport; readonly sinks: RecordingSinks }> {
  const wanted = 'get' in families ? families : wholeFamilies(families);
  const sinks = new RecordingSinks();
  const report = await source.observe({ families: wanted, open: sinks.open, signal });
  return { report, sinks };
}
