import { isDeepStrictEqual } from 'node:util';
import { type APIApplicationCommand, Routes } from 'discord.js';
import type { ChatHost } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { DiscordApi } from './api.ts';
import { lacksPermission } from './api-failure.ts';
import type { ApplicationFacts } from './application.ts';
import type { CommandDefinition } from './commands-definition.ts';
import type { Pace } from './pace.ts';
import { persist } from './persist.ts';

export interface RegistrationOptions {
  readonly api: DiscordApi;
  readonly application: ApplicationFacts;
  readonly definition: CommandDefinition;
  readonly host: Pick<ChatHost, 'tellAdmins'>;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Of one guild: longer outages are for the next round. */
const GUILD_LIMIT_MS = 60_000;

/** Keeps `/fleet` registered in every guild, one after the other; writes only where something else stands there. */
export class Registration {
  readonly #options: RegistrationOptions;
  readonly #wanted = new Set<string>();
  readonly #failed = new Set<string>();
  #running: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: RegistrationOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#forgetTimer(), { once: true });
  }

  /** Begins, or goes on with these guilds too. */
  want(guildIds: Iterable<string>): void {
    for (const id of guildIds) this.#wanted.add(id);
    this.#running ??= this.#work().finally(() => {
      this.#running = null;
    });
  }

  forget(guildId: string): void {
    this.#wanted.delete(guildId);
    this.#failed.delete(guildId);
  }

  async #work(): Promise<void> {
    for (let guild = first(this.#wanted); guild !== null; guild = first(this.#wanted)) {
      this.#wanted.delete(guild);
      if (this.#options.signal.aborted) return;
      await this.#register(guild);
    }
    this.#retryLater();
  }

  async #register(guild: string): Promise<void> {
    const { clock, pace, signal, log, host } = this.#options;
    try {
      const deadlineMs = clock.now() + GUILD_LIMIT_MS;
      const changed = await persist(() => this.#write(guild), { deadlineMs, clock, pace, signal, log });
      this.#failed.delete(guild);
      if (changed) log.info({ guild }, 'commands registered');
    } catch (err) {
      if (signal.aborted) return;
      this.#failed.add(guild);
      log.warn({ err, guild }, 'commands not registered');
      if (!lacksPermission(err)) return;
      host.tellAdmins({
        platform: 'discord',
        key: `missing scope discord ${guild}`,
        text: `Rigshift may not register /fleet in server ${guild}. Invite it again with the scope applications.commands; mentions work meanwhile.`,
      });
    }
  }

  async #write(guild: string): Promise<boolean> {
    const { api, application, definition } = this.#options;
    const { id } = await application.get();
    const route = Routes.applicationGuildCommands(id, guild);
    const there = await api.call({ method: 'GET', route, query: { with_localizations: 'true' } });
    if (isSame(there as APIApplicationCommand[], definition)) return false;
    await api.call({ method: 'PUT', route, body: [definition] });
    return true;
  }

  #retryLater(): void {
    this.#forgetTimer();
    if (this.#failed.size === 0 || this.#options.signal.aborted) return;
    this.#timer = setTimeout(() => this.want(this.#failed), this.#options.pace.registrationRetryMs).unref();
  }

  #forgetTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

function first(ids: ReadonlySet<string>): string | null {
  const [id] = ids;
  return id ?? null;
}

/** Whether exactly this command is registered; what Discord adds to it, or leaves out for being empty, does not count. */
export function isSame(there: readonly object[], wanted: CommandDefinition): boolean {
  return isDeepStrictEqual(there.map(essence), [essence(wanted)]);
}

const meaningful = new Set([
  ...['type', 'name', 'description', 'description_localizations', 'name_localizations', 'options', 'required'],
  ...['choices', 'value', 'autocomplete', 'min_value', 'max_value', 'min_length', 'max_length', 'channel_types'],
]);

function essence(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(essence);
  if (typeof part !== 'object' || part === null) return part;
  const kept = Object.entries(part).filter(([name, value]) => meaningful.has(name) && !isEmpty(value));
  return Object.fromEntries(
    kept.map(([name, value]) => [name, name.endsWith('_localizations') ? value : essence(value)]),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
