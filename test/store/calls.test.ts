import { expect, test } from 'vitest';
import { Calls } from '../../adapters/store/calls.ts';
import { InvalidRowError } from '../../adapters/store/row-validity.ts';
import { UpstreamError, UserError } from '../../src/domain/errors.ts';

const never = () => new Promise<never>(() => {});

test('what the database throws becomes an UpstreamError that says what was attempted, where, and why', async () => {
  const cause = new Error('disk full');
  const failing = new Calls('here', 1_000).run('save', () => Promise.reject(cause));
  await expect(failing).rejects.toMatchObject({
    name: 'UpstreamError',
    system: 'store',
    message: 'Cannot save (here): disk full',
    cause,
  });
});

test('an error of several addresses names each of them', async () => {
  const cause = new AggregateError([new Error('refused ::1'), new Error('refused 127.0.0.1')]);
  const failing = new Calls('here', 1_000).run('connect', () => Promise.reject(cause));
  await expect(failing).rejects.toThrow('Cannot connect (here): refused ::1; refused 127.0.0.1');
});

test.each([new UserError('wrong farm'), new UpstreamError('store', 'corrupt'), new InvalidRowError('no number')])(
  '%s stays what it is',
  async (error) => {
    await expect(new Calls('here', 1_000).run('read', () => Promise.reject(error))).rejects.toBe(error);
  },
);

test('work is told when its time is up', async () => {
  let seen: AbortSignal | null = null;
  const running = new Calls('here', 20).run('read', (signal) => {
    seen = signal;
    return never();
  });
  await expect(running).rejects.toThrow('Cannot read (here): no answer within 20 ms');
  expect(seen).toMatchObject({ aborted: true, reason: { name: 'UpstreamError' } });
});

test('calls beyond the bound are refused at once', async () => {
  const calls = new Calls('here', 200);
  const running = Array.from({ length: 1_000 }, () => calls.run('read', never).catch(() => null));
  await expect(calls.run('read', async () => 1)).rejects.toThrow('1000 calls are waiting already');
  await Promise.all(running);
});

test('finishing waits for what is under way and takes nothing new', async () => {
  const calls = new Calls('here', 1_000);
  const work = Promise.withResolvers<string>();
  const running = calls.run('read', () => work.promise);
  const finishing = calls.finish();
  await expect(calls.run('read', async () => 1)).rejects.toThrow('the store is closed');
  work.resolve('read');
  expect(await finishing).toBe(true);
  expect(await running).toBe('read');
});
