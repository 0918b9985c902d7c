import { expect, test } from 'vitest';
import { openStore } from '../../adapters/store/open-store.ts';
import { commands } from '../../commands/index.ts';
import { createApp } from '../../src/app.ts';
import { sayIn } from '../../src/main/speech.ts';
import type { ChatAdapter } from '../../src/ports/chat.ts';
import { garage, parseWritten } from '../config/written.ts';
import { fakePlatform } from '../support/fake-sender.ts';
import { recordingLog } from '../support/recording-log.ts';
import { ScriptedSource } from '../support/scripted-source.ts';

/** An application over a farm without rigs, and what it did with its ledger. */
async function appUnderTest() {
  const config = await parseWritten(garage);
  const store = await openStore({ url: 'sqlite::memory:', farm: 'g26', mode: 'server' });
  const saved: string[] = [];
  const ledger = {
    ...store.ledger,
    saveOpen: async (state: string) => {
      saved.push(state);
      await store.ledger.saveOpen(state);
    },
    commitAndSaveOpen: async (batch: Parameters<typeof store.ledger.commitAndSaveOpen>[0], state: string) => {
      saved.push(state);
      return await store.ledger.commitAndSaveOpen(batch, state);
    },
  };
  const source = new ScriptedSource();
  source.atMs = Date.now();
  const clock = { now: Date.now };
  const ports = { source, store: { ...store, ledger }, clock, log: recordingLog(), commands, sayIn };
  return { app: createApp(config, ports), saved };
}

function chatOf(changes: Partial<ChatAdapter> = {}): ChatAdapter {
  return { name: 'discord', connected: () => true, start: async () => {}, stop: async () => {}, ...changes };
}

test('a platform that takes long to stop does not keep the ledger from being saved', async () => {
  const { app, saved } = await appUnderTest();
  const hangs = Promise.withResolvers<void>();
  await app.start(() => [chatOf({ stop: () => hangs.promise })]);
  const before = saved.length;
  const stopped = app.stop();
  await expect.poll(() => saved.length).toBeGreaterThan(before);
  hangs.resolve();
  await stopped;
});

test('a post does not wait for a platform that hears no questions just now', async () => {
  const { app } = await appUnderTest();
  const discord = fakePlatform();
  await app.start(() => [chatOf({ connected: () => false, sender: discord.sender })]);
  const reply = { headline: 'GPU 3 of a1 is at 94 °C.', blocks: [], next: [] };
  await app.outbox.post({ platform: 'discord', channel: 'ops', priority: 'page', key: 'hot', reply, locale: 'en' });
  await expect.poll(() => discord.messages).toMatchObject([{ key: 'hot', channel: 'ops' }]);
  await app.stop();
});

test('what is stopped while its chats are being opened starts none of them', async () => {
  const { app } = await appUnderTest();
  const opening = Promise.withResolvers<readonly ChatAdapter[]>();
  const asked = Promise.withResolvers<void>();
  const started: string[] = [];
  const starting = app.start(() => {
    asked.resolve();
    return opening.promise;
  });
  await asked.promise;
  await app.stop();
  opening.resolve([chatOf({ start: async () => void started.push('discord') })]);
  await starting;
  expect(started).toEqual([]);
});
