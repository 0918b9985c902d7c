import type { WantedPost } from './chat-bot.ts';
import type { Side, Standing } from './chat-side.ts';
import type { Violations } from './violations.ts';

interface Posted extends WantedPost {
  /** The outbox said that it has it. */
  isTaken: boolean;
}

type Posting = Pick<Side, 'platform' | 'posts'>;

const numbered = /Post (\d+) of the soak/;

/** What was posted unasked, and where it stands. */
export class ChatPosts {
  readonly #violations: Violations;
  readonly #posts: Posted[] = [];

  constructor(violations: Violations) {
    this.#violations = violations;
  }

  /** The next one, to be posted. */
  next({ platform, channel, priority }: Pick<WantedPost, 'platform' | 'channel' | 'priority'>): WantedPost {
    const number = this.#posts.length;
    const post = { key: `soak-${number}`, platform, channel, priority, headline: `Post ${number} of the soak.` };
    this.#posts.push({ ...post, isTaken: false });
    return post;
  }

  taken(key: string): void {
    const post = this.#posts[Number(key.replace('soak-', ''))];
    if (post !== undefined) post.isTaken = true;
  }

  /** Nothing that stands may stand there twice, or elsewhere; returns how many that were taken stand nowhere yet. */
  look(sides: readonly Posting[]): number {
    const standing = this.#standing(sides);
    for (const [number, all] of standing) {
      const post = this.#posts[number];
      if (post === undefined) continue;
      const what = `${post.key}, a ${post.priority} for ${post.channel} on ${post.platform}`;
      const elsewhere = all.find(({ place, platform }) => place !== post.channel || platform !== post.platform);
      if (elsewhere !== undefined)
        this.#violations.add('a post stands in another channel', `${what}: ${elsewhere.place}`);
      // Pages alone may be said again where nobody could look, and say so.
      const unmarked = all.filter(({ isMarked }) => !isMarked || post.priority !== 'page').length;
      if (unmarked > 1) this.#violations.add(`a ${post.priority} stands twice`, what);
    }
    return this.#posts.filter(({ isTaken }, number) => isTaken && !standing.has(number)).length;
  }

  /** At the end: everything that was taken stands. */
  check(sides: readonly Posting[]): void {
    this.look(sides);
    const standing = this.#standing(sides);
    for (const [number, { key, platform, channel, priority, isTaken }] of this.#posts.entries()) {
      if (!isTaken || standing.has(number)) continue;
      this.#violations.add(`a ${priority} was taken and stands nowhere`, `${key} for ${channel} on ${platform}`);
    }
  }

  figures(sides: readonly Posting[]): PostFigures {
    const standing = this.#standing(sides);
    return {
      wanted: this.#posts.length,
      taken: this.#posts.filter(({ isTaken }) => isTaken).length,
      standing: standing.size,
      markedRepeats: standing.values().reduce((sum, all) => sum + Math.max(0, all.length - 1), 0),
    };
  }

  #standing(sides: readonly Posting[]): Map<number, (Standing & { readonly platform: string })[]> {
    const standing = new Map<number, (Standing & { readonly platform: string })[]>();
    for (const { platform, posts } of sides) {
      for (const message of posts()) {
        const number = numbered.exec(message.text)?.[1];
        if (number === undefined) continue;
        const known = standing.get(Number(number)) ?? [];
        standing.set(Number(number), [...known, { ...message, platform }]);
      }
    }
    return standing;
  }
}

export interface PostFigures {
  readonly wanted: number;
  readonly taken: number;
  readonly standing: number;
  /** Beyond the first of each. */
  readonly markedRepeats: number;
}
