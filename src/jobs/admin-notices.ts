import { createHash } from 'node:crypto';
import type { Say } from '../chat/languages/say.ts';
import type { AdminNotice } from '../ports/chat.ts';
import type { Log } from '../ports/log.ts';
import type { NewPost } from './outbox.ts';

export interface AdminNoticesOptions {
  readonly post: (post: NewPost) => Promise<unknown>;
  readonly locale: string;
  readonly say: Say;
  readonly log: Log;
}

/**
 * Tells the admins of a platform what is wrong, once for as long as the outbox remembers having told it: the key of the post
 * is made of what it is about. Settles when it cannot get lost any more; what the store does not take stands in the log.
 */
export function createAdminNotices(options: AdminNoticesOptions): (notice: AdminNotice) => Promise<void> {
  const { post, locale, say, log } = options;
  return async ({ platform, key, text }) => {
    const digest = createHash('sha256').update(`${platform}\n${key}`).digest('hex').slice(0, 32);
    const reply = {
      headline: say.sentence(text),
      blocks: [],
      next: [{ label: say('Help'), command: 'help' }],
    };
    log.warn({ platform, about: key, text }, 'admins are told');
    try {
      // Nobody waits in front of it, but an outage of hours must not swallow it, as it does what is of a reply's priority.
      await post({ platform, channel: 'admins', priority: 'digest', key: `notice-${digest}`, reply, locale });
    } catch (err) {
      log.error({ err, platform, about: key }, 'admins not told');
    }
  };
}
