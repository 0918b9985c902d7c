import { type APIApplication, type APIDMChannel, Routes, TeamMemberRole } from 'discord.js';
import type { DiscordApi } from './api.ts';
import type { Owners } from './asker.ts';

/** The application that the token belongs to. */
export interface Application {
  readonly id: string;
  readonly botId: string;
  /** Its owner, or of a team everybody who may administer the application. */
  readonly owners: Owners;
  /** Whom to write to where no channel is configured: the owner, of a team the team's. */
  readonly owner: string | null;
}

/** Asked for once, and again for as long as Discord did not say. */
export class ApplicationFacts {
  readonly #api: DiscordApi;
  #known: Promise<Application> | null = null;
  #owners: Owners = new Set();
  #directChannel: Promise<string> | null = null;

  constructor(api: DiscordApi) {
    this.#api = api;
  }

  /** As far as they are known; nobody, before. */
  get owners(): Owners {
    return this.#owners;
  }

  /** @throws as discord.js does. */
  get(): Promise<Application> {
    this.#known ??= this.#ask().catch((error: unknown) => {
      this.#known = null;
      throw error;
    });
    return this.#known;
  }

  /** The channel in which the bot writes to the owner; null where nobody is known to own it. @throws as discord.js does. */
  async ownersChannel(): Promise<string | null> {
    const { owner } = await this.get();
    if (owner === null) return null;
    this.#directChannel ??= this.#openChannel(owner).catch((error: unknown) => {
      this.#directChannel = null;
      throw error;
    });
    return this.#directChannel;
  }

  async #ask(): Promise<Application> {
    const answer = (await this.#api.call({ method: 'GET', route: Routes.currentApplication() })) as APIApplication;
    const { id, bot, owner, team } = answer;
    const administrators = (team?.members ?? []).filter(({ role }) => role === TeamMemberRole.Admin);
    const teamIds = team == null ? [] : [team.owner_user_id, ...administrators.map(({ user }) => user.id)];
    const ownerId = team?.owner_user_id ?? owner?.id ?? null;
    // A team's application names the team itself as its owner, and nobody has its id.
    this.#owners = new Set(team == null ? (owner === undefined ? [] : [owner.id]) : teamIds);
    return { id, botId: bot?.id ?? id, owners: this.#owners, owner: ownerId };
  }

  async #openChannel(recipient: string): Promise<string> {
    const body = { recipient_id: recipient };
    const channel = await this.#api.call({ method: 'POST', route: Routes.userChannels(), body });
    return (channel as APIDMChannel).id;
  }
}
