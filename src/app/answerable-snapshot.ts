import { UpstreamError } from '../domain/errors.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { SourceFailure } from '../fleet/context.ts';
import type { ObservationFailure } from '../jobs/observation.ts';

/**
 * What questions are answered from: the newest snapshot, with its age in the answer, until it is too old to act on.
 * @throws UpstreamError for one that is older than `tooOldMs`: which system failed, with what, and how old the snapshot is.
 */
export function answerableSnapshot(
  { snapshot, failure }: { readonly snapshot: Snapshot | null; readonly failure: ObservationFailure | null },
  tooOldMs: number,
  nowMs: number,
): Snapshot | null {
  if (snapshot === null) {
    // Before the first one a failure says more than "ask again in a moment".
    if (failure?.error instanceof UpstreamError) throw failure.error;
    return null;
  }
  const ageMs = nowMs - snapshot.atMs;
  if (ageMs <= tooOldMs) return snapshot;
  const cause = failure?.error ?? null;
  const system = cause instanceof UpstreamError ? cause.system : 'metrics';
  const because = cause instanceof Error ? `: ${cause.message}` : '';
  throw new UpstreamError(system, `the last observation is ${inWords(ageMs)} old, too old to act on${because}`, {
    cause,
    retryAfterMs: cause instanceof UpstreamError ? cause.retryAfterMs : null,
  });
}

/** In words that may be shown to anybody. */
export function sourceFailure(failure: ObservationFailure | null): SourceFailure | null {
  if (failure === null) return null;
  const { sinceMs, error } = failure;
  if (error instanceof UpstreamError) return { sinceMs, message: error.message };
  return { sinceMs, message: 'the observation failed because of a mistake in Rigshift; the log says more' };
}

function inWords(ageMs: number): string {
  const minutes = Math.floor(ageMs / 60_000);
  return minutes < 2 ? `${Math.floor(ageMs / 1000)} seconds` : `${minutes} minutes`;
}
