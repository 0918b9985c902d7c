import type { types } from '@slack/bolt';
import { withoutCharts } from '../../src/chat/without-charts.ts';
import type { ChatHost } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { SlackApi } from './api.ts';
import type { Pace } from './pace.ts';
import type { People } from './people.ts';
import { renderReply } from './render-reply.ts';

export interface HomeOptions {
  readonly api: SlackApi;
  readonly host: ChatHost;
  readonly people: People;
  readonly pace: Pick<Pace, 'homeRefreshMs' | 'homeIdleMs'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly demo: boolean;
  readonly track: (work: () => Promise<void>) => void;
}

export interface HomeOpened {
  readonly userId: string;
  /** The direct messages with that person. */
  readonly channel: string;
}

interface Watcher extends HomeOpened {
  readonly openedMs: number;
  /** The blocks of the board, as JSON. */
  readonly shown: string | null;
}

/** Those who opened it last; each takes a call a minute. */
const MOST_WATCHERS = 50;

/** The Home tab: the fleet's state, kept fresh for those who opened it lately. */
export class Home {
  readonly #options: HomeOptions;
  readonly #watchers = new Map<string, Watcher>();
  #timer: NodeJS.Timeout | null = null;
  #isRefreshing = false;
  #isStopped = false;

  constructor(options: HomeOptions) {
    this.#options = options;
  }

  async opened(opened: HomeOpened): Promise<void> {
    this.#watchers.delete(opened.userId);
    const watcher = { ...opened, openedMs: this.#options.clock.now(), shown: null };
    this.#watch({ ...watcher, shown: await this.#publish(watcher) });
  }

  stop(): void {
    this.#isStopped = true;
    this.#watchers.clear();
    this.#rest();
  }

  /** Shows the board where it is another one than before; what is shown then. */
  async #publish({ userId, channel, shown }: Watcher): Promise<string> {
    const { api, host, people, demo } = this.#options;
    const { asker, locale } = await people.get(userId);
    const asked = { platform: 'slack', text: 'status', user: asker, channel, locale, id: null };
    const { reply, outcome } = await host.dispatch(asked);
    // Whoever asked a great deal elsewhere keeps the board that was there.
    if (outcome === 'user' && shown !== null) return shown;
    const { blocks } = renderReply(withoutCharts(reply), { presentation: host.presentation(locale), demo });
    const board = JSON.stringify(blocks);
    if (board === shown) return board;
    const view: types.HomeView = { type: 'home', blocks };
    await api.call('views.publish', { user_id: userId, view });
    return board;
  }

  #watch(watcher: Watcher): void {
    if (this.#isStopped) return;
    this.#watchers.delete(watcher.userId);
    this.#watchers.set(watcher.userId, watcher);
    const [oldest] = this.#watchers.keys();
    if (this.#watchers.size > MOST_WATCHERS && oldest !== undefined) this.#watchers.delete(oldest);
    const { pace, track } = this.#options;
    this.#timer ??= setInterval(() => track(() => this.#refresh()), pace.homeRefreshMs).unref();
  }

  async #refresh(): Promise<void> {
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    try {
      await this.#refreshAll();
    } finally {
      this.#isRefreshing = false;
    }
  }

  /** One after the other; whoever left long ago, or cannot be shown anything, is left alone until they come again. */
  async #refreshAll(): Promise<void> {
    const { pace, clock, log } = this.#options;
    for (const watcher of [...this.#watchers.values()]) {
      const { userId, openedMs } = watcher;
      if (clock.now() - openedMs > pace.homeIdleMs) {
        this.#watchers.delete(userId);
        continue;
      }
      try {
        const shown = await this.#publish(watcher);
        // Whoever opened it meanwhile is looking at a newer one.
        if (this.#watchers.get(userId) === watcher) this.#watchers.set(userId, { ...watcher, shown });
      } catch (err) {
        log.warn({ err, userId }, 'Home tab not refreshed');
        this.#watchers.delete(userId);
      }
    }
    if (this.#watchers.size === 0) this.#rest();
  }

  #rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
