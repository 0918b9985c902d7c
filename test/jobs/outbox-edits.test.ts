import { expect, test } from 'vitest';
import type { SendFault } from '../support/fake-sender.ts';
import { newPost, outboxUnderTest, reply } from './outbox-setup.ts';

async function withCard() {
  const under = outboxUnderTest();
  under.outbox.start();
  await under.outbox.post(newPost('card', { priority: 'page' }));
  await under.pass(1000);
  return under;
}

test('an edit changes the message of its post', async () => {
  const { outbox, discord } = await withCard();
  expect(await outbox.edit('card', reply('worse'))).toBe('edited');
  expect(discord.edits).toEqual([{ message: '1', headline: 'worse' }]);
});

test('of edits that wait only the newest is made, and all get its result', async () => {
  const { outbox, discord } = await withCard();
  const edits = ['one', 'two', 'three', 'four'].map((headline) => outbox.edit('card', reply(headline)));
  expect(await Promise.all(edits)).toEqual(['edited', 'edited', 'edited', 'edited']);
  expect(discord.edits.at(-1)?.headline).toBe('four');
  expect(discord.edits.length).toBeLessThanOrEqual(2);
});

test('a newer edit takes the place of one that is tried again', async () => {
  const { outbox, discord, pass } = await withCard();
  discord.editFaults.push('not sent', 'lost but done');
  const first = outbox.edit('card', reply('one'));
  await pass(100);
  const second = outbox.edit('card', reply('two'));
  await pass(10_000);
  expect(await Promise.all([first, second])).toEqual(['edited', 'edited']);
  // An edit whose answer was lost is made again: it shows the same.
  expect(discord.edits.map(({ headline }) => headline)).toEqual(['two', 'two']);
});

test('a message that is gone is said to be gone', async () => {
  const { outbox, discord } = await withCard();
  discord.delete('1');
  expect(await outbox.edit('card', reply('worse'))).toBe('gone');
});

test('a post that is on its way is waited for', async () => {
  const { outbox, discord, pass } = outboxUnderTest();
  outbox.start();
  discord.sendFaults.push('not sent', 'not sent');
  await outbox.post(newPost('card', { priority: 'page' }));
  const edit = outbox.edit('card', reply('worse'));
  await pass(10_000);
  expect(await edit).toBe('edited');
  expect(discord.edits).toEqual([{ message: '1', headline: 'worse' }]);
});

test.each(['unknown key', 'failed', 'waiting'] as const)('without a message nothing is edited: %s', async (why) => {
  const { outbox, discord, pass } = outboxUnderTest();
  outbox.start();
  if (why === 'failed') discord.refusing.add('ops');
  if (why === 'waiting') discord.connected = false;
  if (why !== 'unknown key') await outbox.post(newPost('card'));
  await pass(1000);
  const edit = outbox.edit('card', reply('worse'));
  if (why === 'waiting') await pass(10 * 60_000);
  expect(await edit).toBe('not posted');
});

test.each(['not sent', 'not connected', 'stopped'] as const)(
  'an edit that cannot be made is given up: %s',
  async (why) => {
    const { outbox, discord, pass } = await withCard();
    if (why === 'not connected') discord.connected = false;
    else discord.editFaults.push(...Array<SendFault>(50).fill('not sent'));
    const edit = outbox.edit('card', reply('worse'));
    await pass(100);
    if (why === 'stopped') await outbox.stop();
    else await pass(10 * 60_000);
    expect(await edit).toBe('gave up');
    expect(discord.edits).toEqual([]);
  },
);
