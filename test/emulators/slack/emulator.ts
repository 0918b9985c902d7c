import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Delivery, type Push, type Transport } from './delivery.ts';
import { type FaultHandle, type FaultOptions, Faults } from './faults.ts';
import { HttpMode, type HttpModeOptions } from './http-mode.ts';
import type { JsonObject } from './json.ts';
import { EmulatorLog, type Violation } from './log.ts';
import { Person } from './person.ts';
import { type RateLimitOptions, RateLimits } from './rate-limits.ts';
import { type ServiceParts, serve } from './service.ts';
import { SocketMode } from './socket-mode.ts';
import { SlackState } from './state.ts';
import { allScopes } from './web-api/index.ts';
import type { Message, WorkspaceOptions } from './workspace.ts';

/**
 * Slack on loopback, with a workspace in it. The real client talks to it, people act in it, tests look at what they see:
 *
 *     await using slack = await startSlackEmulator();
 *     // Bolt: clientOptions.slackApiUrl = slack.apiUrl, tokens slack.botToken and slack.appToken
 *     const alice = slack.person('alice');
 *     const asked = alice.slash('farm', '/fleet profit site:quebec');
 *     const answer = await asked.answer();          // a live Message: text, blocks, fileIds, ephemeralTo, edits
 *     const pressed = alice.click(answer, 'Why');   // by label or action id
 *     await pressed.answer();
 *     await slack.assertClean();                    // no violations, no unhandled routes, nothing unacknowledged
 *
 * Events reach the bot over Socket Mode, or after `slack.httpMode({ requestUrl, signingSecret })` as signed requests.
 * A second person acts by `slack.person('olivia')` (owner). What the bot sent is in `slack.log.requests('chat.update')`.
 * `asked.redeliver()` sends an event again with its event_id, `asked.redeliver({ attempt: 1, reason: 'timeout' })` as a retry.
 * A test that means a violation takes it: `slack.takeViolations('late acknowledgement')`.
 * Faults: `slack.fault({ kind: '429', retryAfterSeconds: 1, method: 'chat.postMessage', times: 1 })`,
 * `slack.socketMode.drop({ closeFrame: false })`, `.disconnect('refresh_requested')`, `.helloDelayMs = 100`, `.answersPings = false`,
 * both also for one of `.sockets()` alone: `.drop({ closeFrame: false, only: 1 })`, `.disconnect('refresh_requested', 400, 1)`,
 * `.refusesSockets = true`. With `now` the time of triggers, response_urls and budgets is the test's.
 */
export async function startSlackEmulator(options: SlackEmulatorOptions = {}): Promise<SlackEmulator> {
  const emulator = new SlackEmulator(options);
  await emulator.listen();
  return emulator;
}

export interface SlackEmulatorOptions extends WorkspaceOptions {
  /** Slash commands of the app; default `/fleet`. */
  readonly commands?: readonly string[];
  /** Default: all that the emulator's methods and events ask for. */
  readonly scopes?: readonly string[];
  readonly limits?: RateLimitOptions;
  /** Clock of triggers, response_urls, budgets and message times, in Unix ms; acknowledgements go by the machine's. */
  readonly now?: () => number;
  /** How long the bot may take to acknowledge; Slack: 3,000. */
  readonly acknowledgementMs?: number;
}

const waitLimitMs = 5_000;

export class SlackEmulator implements AsyncDisposable {
  readonly botToken = 'xoxb-emulator-bot';
  readonly appToken = 'xapp-emulator-app';
  readonly log = new EmulatorLog();
  readonly state: SlackState;
  readonly socketMode: SocketMode;
  readonly #options: SlackEmulatorOptions;
  readonly #faults = new Faults();
  readonly #server: Server;
  readonly #deliveries: Delivery[] = [];
  readonly #claimed = new Set<Message>();
  readonly #scopes: ReadonlySet<string>;
  readonly #people = new Map<string, Person>();
  #httpMode: HttpMode | null = null;
  #baseUrl = '';
  #interactions = 0;

  constructor(options: SlackEmulatorOptions) {
    this.#options = options;
    const now = options.now ?? Date.now;
    this.#scopes = new Set(options.scopes ?? allScopes);
    this.state = new SlackState(options, now, () => this.log.changed());
    this.socketMode = new SocketMode(this.log);
    const parts: ServiceParts = {
      state: this.state,
      log: this.log,
      faults: this.#faults,
      limits: new RateLimits(options.limits ?? {}, now),
      scopes: this.#scopes,
      botToken: this.botToken,
      appToken: this.appToken,
      baseUrl: () => this.#baseUrl,
      newSocketUrl: () => this.socketMode.newUrl(this.#baseUrl),
    };
    this.#server = createServer((request, response) => {
      serve(parts, request, response).catch((error: unknown) => {
        this.log.violation('emulator failed', String(error));
        request.socket.destroy();
      });
    });
    this.#server.on('upgrade', (request, stream, head) => this.socketMode.upgrade(request, stream, head));
  }

  /** For `clientOptions.slackApiUrl`; with the slash at its end. */
  get apiUrl(): string {
    return `${this.#baseUrl}/api/`;
  }

  async listen(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject);
    this.#server.listen(0, '127.0.0.1', resolve);
    await promise;
    const { port } = this.#server.address() as AddressInfo;
    this.#baseUrl = `http://127.0.0.1:${port}`;
  }

  /** Somebody of the workspace, by name or id. */
  person(nameOrId: string): Person {
    const user = [...this.state.users.values()].find(({ id, name }) => id === nameOrId || name === nameOrId);
    if (user === undefined) throw new Error(`nobody is called ${nameOrId}`);
    const known = this.#people.get(user.id);
    if (known !== undefined) return known;
    const person = new Person(user, {
      state: this.state,
      log: this.log,
      commands: this.#options.commands ?? ['/fleet'],
      scopes: this.#scopes,
      claimed: this.#claimed,
      baseUrl: () => this.#baseUrl,
      nextInteraction: () => {
        this.#interactions += 1;
        return this.#interactions;
      },
      deliver: (push, onAcknowledged) => this.#deliver(push, onAcknowledged),
    });
    this.#people.set(user.id, person);
    return person;
  }

  /** From now on everything reaches the bot as signed requests. */
  httpMode(options: HttpModeOptions): HttpMode {
    this.#httpMode?.close();
    this.#httpMode = new HttpMode(options, this.log);
    return this.#httpMode;
  }

  fault(options: FaultOptions): FaultHandle {
    return this.#faults.add(options);
  }

  /** The first truthy value of a probe; rejects after the limit. */
  until<Value>(
    probe: () => Value,
    limitMs = waitLimitMs,
    waitingFor = 'what the test waits for',
  ): Promise<NonNullable<Value>> {
    return this.log.until(probe, limitMs, waitingFor);
  }

  /** What stands in a channel: oldest first, without deleted ones; direct messages by their id. */
  messages(channelName: string): readonly Message[] {
    return this.state.findChannel(channelName)?.messages.filter((message) => !message.isDeleted) ?? [];
  }

  /** The first message of a channel by the bot that matches; waits for it. */
  expectMessage(
    channelName: string,
    matches: (message: Message) => boolean = () => true,
    limitMs = waitLimitMs,
  ): Promise<Message> {
    const find = (): Message | undefined =>
      this.messages(channelName).find((message) => message.byBot && matches(message));
    return this.log.until(find, limitMs, `message in ${channelName}`);
  }

  violations(): readonly Violation[] {
    return this.log.violations();
  }

  /** Takes the violations of a kind out, for a test that means them. @throws Error where there is none. */
  takeViolations(kind: string): readonly Violation[] {
    return this.log.takeViolations(kind);
  }

  unhandledRoutes(): readonly string[] {
    return this.log.unhandledRoutes();
  }

  /** Waits until everything sent was acknowledged or is overdue. @throws Error with all that the bot did wrong. */
  async assertClean(): Promise<void> {
    const limitMs = this.#deadlineMs * 2 + waitLimitMs;
    await this.log.until(() => !this.#deliveries.some((delivery) => delivery.isPending), limitMs, 'acknowledgements');
    const wrong = [
      ...this.violations().map(({ kind, detail }) => `${kind}: ${detail}`),
      ...this.unhandledRoutes().map((route) => `unhandled route: ${route}`),
    ];
    if (wrong.length > 0) throw new Error(`Slack would object:\n${wrong.join('\n')}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#faults.releaseAll();
    this.#httpMode?.close();
    this.socketMode.close();
    for (const delivery of this.#deliveries) delivery.abandon();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    await promise;
  }

  get #deadlineMs(): number {
    return this.#options.acknowledgementMs ?? 3_000;
  }

  #deliver(push: Push, onAcknowledged: (body: JsonObject | null) => void): Delivery {
    const delivery = new Delivery(push, this.log, this.#deadlineMs, onAcknowledged);
    this.#deliveries.push(delivery);
    const transport: Transport = this.#httpMode ?? this.socketMode;
    transport.send(delivery);
    return delivery;
  }
}
