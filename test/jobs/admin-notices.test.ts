import { expect, it } from 'vitest';
import { sayEnglish } from '../../src/chat/languages/say.ts';
import { createAdminNotices } from '../../src/jobs/admin-notices.ts';
import type { NewPost } from '../../src/jobs/outbox.ts';
import { recordingLog } from '../support/recording-log.ts';
import { outboxUnderTest } from './outbox-setup.ts';

const notice = {
  platform: 'discord',
  key: 'missing permission SEND_MESSAGES in 42',
  text: 'I may not write in <#42>.',
};

function harness(post?: (post: NewPost) => Promise<unknown>) {
  const posts: NewPost[] = [];
  const log = recordingLog();
  const keep = async (one: NewPost) => posts.push(one);
  const tell = createAdminNotices({ post: post ?? keep, locale: 'en', say: sayEnglish('en'), log });
  return { tell, posts, log };
}

it('posts to the admins of the platform, with a way on', async () => {
  const { tell, posts } = harness();
  await tell(notice);
  expect(posts).toEqual([
    {
      platform: 'discord',
      channel: 'admins',
      priority: 'digest',
      key: expect.stringMatching(/^notice-[0-9a-f]{32}$/),
      reply: { headline: notice.text, blocks: [], next: [{ label: 'Help', command: 'help' }] },
      locale: 'en',
    },
  ]);
});

it('gives one key to one matter, whatever its words, and another to every other', async () => {
  const { tell, posts } = harness();
  await tell(notice);
  await tell({ ...notice, text: 'Other words.' });
  await tell({ ...notice, platform: 'slack' });
  await tell({ ...notice, key: 'another' });
  const [first, ...others] = posts.map(({ key }) => key);
  expect(others.map((key) => key === first)).toEqual([true, false, false]);
});

it('waits for a platform that is away for hours', async () => {
  const { outbox, discord, time, pass } = outboxUnderTest();
  const post = (one: NewPost) => outbox.post(one);
  const tell = createAdminNotices({ post, locale: 'en', say: sayEnglish('en'), log: recordingLog() });
  discord.connected = false;
  outbox.start();
  await tell(notice);
  time.jump(time.now() + 5 * 3_600_000);
  await pass(60_000);
  discord.connected = true;
  await pass(60_000);
  expect(discord.messages).toMatchObject([{ channel: 'admins', headline: notice.text }]);
});

it('stands in the log where the store does not take it', async () => {
  const { tell, log } = harness(() => Promise.reject(new Error('the disk is full')));
  await tell(notice);
  expect(log.lines).toEqual(['warn: admins are told', 'error: admins not told']);
});
