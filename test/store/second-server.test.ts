import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../adapters/store/open-store.ts';
import { UserError } from '../../src/domain/errors.ts';
import { startChildServer } from './child-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

function openHere(file: string) {
  return openStore({ url: `sqlite:${file}`, farm: 'test', mode: 'server' });
}

test('a second server on a file is refused as long as the first one lives, and takes over when it was killed', async () => {
  const file = join(temporaryFolder(), 'rigshift.db');
  const first = startChildServer(file);
  onTestFinished(() => first.kill());
  await first.untilPrinted((line) => line === 'open');

  const error = await openHere(file).catch((caught) => caught);
  expect(error).toBeInstanceOf(UserError);
  expect(error.message).toBe(`Another Rigshift server is using the database ${file}`);
  expect(error.remedy).toMatch(/Stop that server/);

  await first.kill();
  const store = await openHere(file);
  await store.ping();
  await store.close();
});

test('a second process is refused while this one serves the file, also after a refused attempt of this one', async () => {
  const file = join(temporaryFolder(), 'rigshift.db');
  const store = await openHere(file);
  // An attempt within the process that holds the lock must not loosen it: such locks belong to processes.
  await expect(openHere(file)).rejects.toBeInstanceOf(UserError);
  const second = startChildServer(file);
  onTestFinished(() => second.kill());
  expect(await second.untilPrinted(() => true)).toMatch(/^UserError: Another Rigshift server/);

  await store.close();
  const third = startChildServer(file);
  onTestFinished(() => third.kill());
  expect(await third.untilPrinted(() => true)).toBe('open');
});
