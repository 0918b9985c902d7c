import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EmulatorLog, type Violation } from '../shared/emulator-log.ts';
import { FaultPlan } from '../shared/fault-plan.ts';
import { waitFor } from '../shared/wait-for.ts';
import { DiscordFaults } from './faults.ts';
import { Gateway, type Presence } from './gateway.ts';
import type { Frame } from './gateway-session.ts';
import { Interactions, type SeenMessage } from './interactions.ts';
import { type RateLimitOptions, RateLimits, usualRateLimits } from './rest/rate-limits.ts';
import { type FaultKind, RestServer } from './rest/rest-server.ts';
import { type Channel, DiscordState } from './state.ts';
import { DiscordWorld } from './world.ts';

export interface DiscordEmulatorOptions {
  /** What the bot must present; a made-up one where it is left out. */
  readonly token?: string;
  readonly botName?: string;
  /** Unix ms: the age of nonces (2 minutes) and of interaction tokens (15 minutes) goes by it. */
  readonly now?: () => number;
  /** By real time. */
  readonly acknowledgeWithinMs?: number;
  readonly heartbeatIntervalMs?: number;
  /** Bits of the privileged intents that the application was granted; none where it is left out. */
  readonly privilegedIntents?: number;
  /** IDENTIFYs within five seconds; 16 where it is left out, so that a bot may be started again at once. */
  readonly maxConcurrency?: number;
  readonly attachmentLimitBytes?: number;
  readonly rateLimits?: Partial<RateLimitOptions>;
}

export interface GatewayFrame extends Frame {
  readonly direction: 'in' | 'out';
  readonly atMs: number;
}

/**
 * Discord on loopback, stateful and strict: REST v10 and the gateway.
 *
 *     await using discord = await startDiscordEmulator();
 *     const guild = discord.addGuild('Farm');
 *     const channel = discord.addChannel(guild, 'ops');
 *     const ada = discord.addMember(guild, { name: 'ada' });
 *     // the bot: new Client({ rest: { api: discord.apiUrl } }).login(discord.token)
 *     await discord.connected();
 *     const asked = ada.slash(channel, { command: 'fleet', subcommand: 'profit', options: { site: 'quebec' } });
 *     const answer = await asked.answer();
 *     const next = await ada.click(answer, 'Why').answer();
 *     discord.assertClean();
 *
 * What the real service refuses is refused and, unless the test itself brought it about (a fault, something denied or
 * deleted), recorded as a violation. `takeViolations` is for tests that mean one. Slash commands are checked against
 * what the bot registered. What can go wrong is in `faults`: `discord.faults.rest({ kind: '500', times: 2 })`.
 */
export class DiscordEmulator extends DiscordWorld implements AsyncDisposable {
  readonly token: string;
  readonly log = new EmulatorLog<GatewayFrame>();
  readonly faults: DiscordFaults;
  readonly #gateway: Gateway;
  readonly #rest: RestServer;
  readonly #server;

  constructor(options: DiscordEmulatorOptions = {}) {
    const { now = Date.now, botName = 'Rigshift', attachmentLimitBytes = 10 * 1024 * 1024 } = options;
    const state = new DiscordState(now, botName, attachmentLimitBytes);
    super(state, new Interactions(options.acknowledgeWithinMs ?? 3_000));
    this.token = options.token ?? 'emulated-bot-token';
    const plan = new FaultPlan<FaultKind>();
    this.#gateway = new Gateway(
      this.state,
      {
        token: this.token,
        heartbeatIntervalMs: options.heartbeatIntervalMs ?? 41_250,
        privilegedIntents: options.privilegedIntents ?? 0,
        maxConcurrency: options.maxConcurrency ?? 16,
      },
      {
        complain: (kind, detail) => this.log.violation(kind, detail),
        record: (direction, frame) => this.log.frame({ ...frame, direction, atMs: Date.now() }),
      },
    );
    this.interactions.explain = () => this.log.describe();
    this.state.publish = (event) => this.#gateway.publish(event);
    this.faults = new DiscordFaults(plan, this.#gateway, this.interactions);
    this.#rest = new RestServer({
      token: this.token,
      state: this.state,
      interactions: this.interactions,
      gateway: this.#gateway,
      limits: new RateLimits({ ...usualRateLimits, ...options.rateLimits }),
      faults: plan,
      log: this.log,
    });
    this.#server = createServer((request, response) => {
      this.#rest.answer(request, response).catch((error: unknown) => {
        this.log.violation('emulator', `${request.method} ${request.url}: ${error}`);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
    this.#server.on('upgrade', (request, socket, head) => this.#gateway.accept(request, socket, head));
  }

  /** Listens on a free port of loopback. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    this.state.origin = `http://127.0.0.1:${port}`;
    this.#gateway.url = `ws://127.0.0.1:${port}/gateway`;
  }

  /** For discord.js's `rest.api`, which adds `/v10`. */
  get apiUrl(): string {
    return `${this.state.origin}/api`;
  }

  get gatewayUrl(): string {
    return this.#gateway.url;
  }

  get presence(): Presence | null {
    return this.#gateway.presence;
  }

  /** Open sockets of the gateway, whether or not they said who they are. */
  get connections(): number {
    return this.#gateway.connections.length;
  }

  /** IDENTIFYs that were let through or refused for being too many; Discord allows 1,000 a day. */
  get identifies(): number {
    return this.#gateway.identifies;
  }

  /** Answers of 401, 403 and 429; Discord bans an address after 10,000 in ten minutes. */
  get invalidRequests(): number {
    return this.#rest.invalidRequests;
  }

  /** Waits until so many of the bot's sessions are connected. */
  async connected(count = 1, limitMs?: number): Promise<void> {
    const who = () => `${count} connected sessions; there are ${this.#gateway.connected}`;
    await waitFor(who, () => (this.#gateway.connected === count ? true : null), limitMs);
  }

  async until(what: string, condition: () => boolean, limitMs?: number): Promise<void> {
    await waitFor(what, () => (condition() ? true : null), limitMs);
  }

  /** Waits for a message of the bot in a channel, visible to everybody there. */
  async expectMessage(
    channel: Channel,
    matches: RegExp | ((message: SeenMessage) => boolean) = () => true,
    limitMs?: number,
  ): Promise<SeenMessage> {
    const wanted = (message: SeenMessage) =>
      matches instanceof RegExp ? matches.test(textOf(message)) : matches(message);
    const find = () =>
      this.messages(channel).find((message) => message.author.id === this.state.bot.id && wanted(message));
    const there = () => this.messages(channel).map(textOf).join(' | ') || 'nothing';
    return await waitFor(
      () => `a message like ${matches} in ${channel.name}; there is ${there()}; ${this.log.describe()}`,
      find,
      limitMs,
    );
  }

  violations(): readonly Violation[] {
    return this.log.violations;
  }

  unhandledRoutes(): readonly string[] {
    return this.log.unhandledRoutes;
  }

  /** Takes the violations of a kind out, for a test that means them. @throws where there is none. */
  takeViolations(kind: string): readonly Violation[] {
    return this.log.takeViolations(kind);
  }

  /** @throws with every violation, unhandled route, and interaction that was delivered and never answered. */
  assertClean(): void {
    const unanswered = this.interactions.unanswered();
    this.log.assertClean(unanswered.map(({ title }) => ({ kind: 'no acknowledgement', detail: title })));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#gateway.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

export async function startDiscordEmulator(options: DiscordEmulatorOptions = {}): Promise<DiscordEmulator> {
  const emulator = new DiscordEmulator(options);
  await emulator.listen();
  return emulator;
}

/** All that can be read in a message. */
export function textOf({ content, embeds }: SeenMessage): string {
  const inEmbeds = embeds.flatMap(({ title, description, fields, footer }) => [
    title,
    description,
    ...(fields ?? []).flatMap(({ name, value }) => [name, value]),
    footer?.text,
  ]);
  return [content, ...inEmbeds].filter((part) => part).join('\n');
}
