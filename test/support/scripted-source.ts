import type { TargetFailureKind } from '../../src/domain/snapshot.ts';
import type {
  MetricsSource,
  ObserveReport,
  ObserveRequest,
  SystemReport,
  TargetIdentity,
} from '../../src/ports/metrics.ts';
import { atMs } from './rigs.ts';

/** What a target does in one observation: prints these series, or fails. */
export type ScriptedTarget =
  | readonly (readonly [name: string, labels: Readonly<Record<string, string>>, value: number])[]
  | TargetFailureKind;

/** A source whose targets do in each observation what they were told last. */
export class ScriptedSource implements MetricsSource {
  readonly kind = 'exporters';
  /** By `host:port`. */
  targets: Readonly<Record<string, ScriptedTarget>> = {};
  /** Unix ms of the next observation. */
  atMs = atMs;
  incomplete = false;

  async observe({ families, open }: ObserveRequest): Promise<ObserveReport> {
    let samplesRead = 0;
    for (const [instance, target] of Object.entries(this.targets)) {
      const sink = open(identity(instance));
      if (typeof target === 'string') {
        sink.fail(target, 'no answer');
        continue;
      }
      for (const [name, labels, value] of target) {
        const filter = families.get(name);
        if (filter === undefined || (filter !== null && labels[filter.label] !== filter.value)) continue;
        sink.sample(name, { instance, ...labels }, value, this.atMs);
      }
      sink.done(this.atMs, target.length);
      samplesRead += target.length;
    }
    return { atMs: this.atMs, samplesRead, bytesRead: 0, warnings: [], incomplete: this.incomplete };
  }

  explain(families: readonly string[], instance: string): string {
    return `${families.join('|')} of ${instance}`;
  }

  async inspect(): Promise<readonly SystemReport[]> {
    return [];
  }

  async close(): Promise<void> {}
}

function identity(instance: string): TargetIdentity {
  return { instance, labels: { instance }, rig: null, site: null };
}
