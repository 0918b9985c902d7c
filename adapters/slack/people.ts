import type { webApi } from '@slack/bolt';
import type { Asker } from '../../src/chat/invocation.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { SlackApi } from './api.ts';
import { failureOf } from './api-failure.ts';
import type { Pace } from './pace.ts';
import { within } from './within.ts';

/** How long what Slack says of somebody is taken for true: roles too. */
const KNOWN_MS = 300_000;
const MOST_PEOPLE = 5_000;
const USUAL_LOCALE = 'en-US';

interface Person {
  readonly name: string;
  readonly locale: string;
  /** The workspace in which that person may be in charge; null where in none. */
  readonly inChargeOf: string | null;
}

/** Who asks, and how to answer. */
export interface KnownAsker {
  readonly asker: Asker;
  /** BCP 47. */
  readonly locale: string;
}

interface Remembered<T> {
  readonly value: Promise<T>;
  readonly untilMs: number;
}

/** Who people are in the workspace. Whoever Slack does not tell of is a viewer without groups, never more. */
export class People {
  readonly #api: SlackApi;
  readonly #teamId: () => string | null;
  readonly #pace: Pick<Pace, 'identityLimitMs' | 'formLocaleLimitMs'>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #people = new Map<string, Remembered<Person>>();
  readonly #locales = new Map<string, string>();
  #groups: Remembered<ReadonlyMap<string, readonly string[]>> | null = null;

  constructor(options: {
    readonly api: SlackApi;
    /** Of the workspace that the bot is installed in; null while it is not known. */
    readonly teamId: () => string | null;
    readonly pace: Pick<Pace, 'identityLimitMs' | 'formLocaleLimitMs'>;
    readonly clock: Clock;
    readonly log: Log;
  }) {
    this.#api = options.api;
    this.#teamId = options.teamId;
    this.#pace = options.pace;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /** Never throws. */
  async get(userId: string): Promise<KnownAsker> {
    const [person, groups] = await Promise.all([this.#person(userId), this.#groupsOf(userId)]);
    const { name, locale, inChargeOf } = person;
    // Somebody of another workspace, in a shared channel, may be in charge there.
    const administers = inChargeOf !== null && inChargeOf === this.#teamId();
    return { asker: { id: userId, name, groups, administers }, locale };
  }

  /** For what has to be said within 3 s: Slack is asked only where the language is not known, and for a moment. */
  async localeSoon(userId: string): Promise<string> {
    if (!this.#locales.has(userId)) {
      await within(this.#person(userId), this.#pace.formLocaleLimitMs).catch(() => undefined);
    }
    return this.localeOf(userId);
  }

  /** Without asking Slack. */
  localeOf(userId: string): string {
    return this.#locales.get(userId) ?? USUAL_LOCALE;
  }

  async #person(userId: string): Promise<Person> {
    const nowMs = this.#clock.now();
    let known = this.#people.get(userId);
    if (known === undefined || known.untilMs <= nowMs) {
      known = { value: this.#ask(userId), untilMs: nowMs + KNOWN_MS };
      remember(this.#people, userId, known);
    }
    try {
      const person = await within(known.value, this.#pace.identityLimitMs);
      remember(this.#locales, userId, person.locale);
      return person;
    } catch (err) {
      this.#people.delete(userId);
      this.#log.warn({ err, userId }, 'asker not known: taken for a viewer');
      return { name: userId, locale: this.localeOf(userId), inChargeOf: null };
    }
  }

  async #ask(userId: string): Promise<Person> {
    const answer = await this.#api.call<webApi.UsersInfoResponse>('users.info', { user: userId, include_locale: true });
    const user = answer.user ?? {};
    const { profile = {}, team_id: teamId = null } = user;
    const names = [profile.display_name, profile.real_name, user.real_name, user.name];
    const isInCharge = user.is_admin === true || user.is_owner === true || user.is_primary_owner === true;
    return {
      name: names.find((name) => name !== undefined && name !== '') ?? userId,
      locale: canonical(user.locale),
      inChargeOf: isInCharge && user.deleted !== true ? teamId : null,
    };
  }

  async #groupsOf(userId: string): Promise<readonly string[]> {
    const nowMs = this.#clock.now();
    if (this.#groups === null || this.#groups.untilMs <= nowMs) {
      this.#groups = { value: this.#askGroups(), untilMs: nowMs + KNOWN_MS };
    }
    try {
      return (await within(this.#groups.value, this.#pace.identityLimitMs)).get(userId) ?? [];
    } catch (err) {
      this.#groups = null;
      this.#log.warn({ err }, 'user groups not known: nobody is in any');
      return [];
    }
  }

  async #askGroups(): Promise<ReadonlyMap<string, readonly string[]>> {
    const answer = await this.#listGroups();
    const groups = new Map<string, string[]>();
    for (const { id, users = [] } of answer.usergroups ?? []) {
      if (id === undefined) continue;
      for (const user of users) groups.set(user, [...(groups.get(user) ?? []), id]);
    }
    return groups;
  }

  async #listGroups(): Promise<webApi.UsergroupsListResponse> {
    try {
      return await this.#api.call<webApi.UsergroupsListResponse>('usergroups.list', { include_users: true });
    } catch (err) {
      const failure = failureOf(err);
      if (failure.kind !== 'refused') throw err;
      // Workspaces without a paid plan have no user groups, and are not asked again at once either.
      if (failure.code !== 'paid_teams_only') this.#log.warn({ err }, 'user groups not known: nobody is in any');
      return { ok: true };
    }
  }
}

/** As the newest; the oldest is forgotten beyond the bound. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MOST_PEOPLE) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

/** Slack writes `en-US`; what Intl does not know would fail in every sentence. */
function canonical(locale: string | undefined): string {
  try {
    return Intl.getCanonicalLocales(locale ?? USUAL_LOCALE)[0] ?? USUAL_LOCALE;
  } catch {
    return USUAL_LOCALE;
  }
}
