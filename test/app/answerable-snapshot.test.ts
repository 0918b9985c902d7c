import { expect, it } from 'vitest';
import { answerableSnapshot, sourceFailure } from '../../src/app/answerable-snapshot.ts';
import { UpstreamError } from '../../src/domain/errors.ts';
import { atMs } from '../support/rigs.ts';
import { snapshotOf } from '../support/snapshots.ts';

const snapshot = snapshotOf([]);
const refused = { sinceMs: atMs, error: new UpstreamError('prometheus', 'http://p:9090: connection refused') };
const tooOldMs = 900_000;

it('serves the last snapshot while the source is away, until it is too old', () => {
  const known = { snapshot, failure: refused };
  expect(answerableSnapshot(known, tooOldMs, atMs + tooOldMs)).toBe(snapshot);
  expect(() => answerableSnapshot(known, tooOldMs, atMs + tooOldMs + 1)).toThrow(
    'the last observation is 15 minutes old, too old to act on: http://p:9090: connection refused',
  );
});

it('names the system that failed', () => {
  try {
    answerableSnapshot({ snapshot, failure: refused }, tooOldMs, atMs + 3_600_000);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ name: 'UpstreamError', system: 'prometheus', retryable: true });
  }
});

it('says so too where nothing failed and yet nothing came: a clock that jumped, an observation that hangs', () => {
  expect(() => answerableSnapshot({ snapshot, failure: null }, tooOldMs, atMs + 3_600_000)).toThrow(
    /^the last observation is 60 minutes old, too old to act on$/,
  );
});

it('answers with the failure before the first snapshot, and with nothing where none has come yet', () => {
  expect(() => answerableSnapshot({ snapshot: null, failure: refused }, tooOldMs, atMs)).toThrow(refused.error);
  expect(answerableSnapshot({ snapshot: null, failure: null }, tooOldMs, atMs)).toBeNull();
});

it('counts seconds where minutes would say too little', () => {
  const known = { snapshot, failure: refused };
  expect(() => answerableSnapshot(known, 15_000, atMs + 119_000)).toThrow('the last observation is 119 seconds old');
  expect(() => answerableSnapshot(known, 15_000, atMs + 120_000)).toThrow('the last observation is 2 minutes old');
});

it('says since when the source does not answer and why, and of a mistake of our own nothing but that', () => {
  expect(sourceFailure(null)).toBeNull();
  expect(sourceFailure(refused)).toEqual({ sinceMs: atMs, message: 'http://p:9090: connection refused' });
  expect(sourceFailure({ sinceMs: atMs, error: new TypeError('x is undefined') })).toEqual({
    sinceMs: atMs,
    message: 'the observation failed because of a mistake in Rigshift; the log says more',
  });
});
