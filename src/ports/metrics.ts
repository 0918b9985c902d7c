import type { LabelFilter } from '../domain/dialect.ts';
import type { TargetFailureKind } from '../domain/snapshot.ts';

export type Labels = Readonly<Record<string, string>>;

/** One scrape target as the source knows it. */
export interface TargetIdentity {
  /** `host:port`, as Prometheus labels it. */
  readonly instance: string;
  /** Labels that every series of this target carries, `instance` among them; a Prometheus server's `up` labels. */
  readonly labels: Labels;
  /** The rig that the configuration names for this target, where it does. */
  readonly rig: string | null;
  /** The site that the configuration names for this target, where it does. */
  readonly site: string | null;
}

/** Names of the series that somebody maps, each with the part of it that is wanted, null for the whole. */
export type WantedFamilies = ReadonlyMap<string, LabelFilter | null>;

/**
 * Receives what one target printed in one observation. The source calls `sample` for wanted series only, any number
 * of times, then exactly one of `done` and `fail`; after `fail` everything that this sink received is void.
 */
export interface TargetSink {
  /** `labels` are the series' own labels merged with the target's, conflicts as `exported_NAME`; may be shared. */
  sample(name: string, labels: Labels, value: number, timestampMs: number): void;
  /** `atMs`: when the target was scraped. `samples`: all samples it printed, wanted or not, where the source knows. */
  done(atMs: number, samples: number): void;
  fail(kind: TargetFailureKind, message: string): void;
}

export interface ObserveRequest {
  readonly families: WantedFamilies;
  readonly open: (target: TargetIdentity) => TargetSink;
  readonly signal: AbortSignal;
}

export interface ObserveReport {
  /** Unix ms; one time for the whole observation. */
  readonly atMs: number;
  /** All samples that came by, wanted or not. */
  readonly samplesRead: number;
  readonly bytesRead: number;
  readonly warnings: readonly string[];
  readonly incomplete: boolean;
}

export interface HistoryRequest {
  readonly families: WantedFamilies;
  /** Steps at `fromMs`, `fromMs + stepMs` … up to and including `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly signal: AbortSignal;
  /** Called for each step in order; the sinks it hands out are complete when the next step begins. */
  readonly step: (atMs: number) => Promise<(target: TargetIdentity) => TargetSink>;
}

/** A system that metrics come from, as it is now. */
export interface SystemReport {
  /** `prometheus`, `exporters`. */
  readonly system: string;
  readonly address: string;
  /** What it calls itself and its version; null where it does not say. */
  readonly version: string | null;
  /** Of one small request; null where it did not answer. */
  readonly latencyMs: number | null;
  /** How far its clock runs ahead of ours; null where it does not tell. */
  readonly clockAheadMs: number | null;
  /** Why it could not be asked; null where it answered. */
  readonly failure: string | null;
  /** What is taken for granted because nobody can ask it; each a sentence. */
  readonly assumptions: readonly string[];
}

/** Where metrics come from. Both implementations must give the same answers on the same rigs. */
export interface MetricsSource {
  readonly kind: 'prometheus' | 'exporters';
  /**
   * Reads the fleet once. A target that fails is reported through its own sink and does not disturb the others.
   * @throws UpstreamError where the source as a whole cannot be read.
   */
  observe(request: ObserveRequest): Promise<ObserveReport>;
  /** Only where the source keeps history: the same observation for each step of a past range. */
  readonly history?: (request: HistoryRequest) => Promise<ObserveReport>;
  /** The query an operator can run himself for these families of one instance, as opaque text. */
  explain(families: readonly string[], instance: string): string;
  /** Asks what `check` shows; never throws but for the signal. */
  inspect(signal: AbortSignal): Promise<readonly SystemReport[]>;
  close(): Promise<void>;
}
