import { createHmac } from 'node:crypto';
import { type Delivery, eventRetries, type Push, type Transport } from './delivery.ts';
import { isObject, type JsonObject, parsedJson } from './json.ts';
import type { EmulatorLog } from './log.ts';
import { verificationToken } from './state.ts';

export interface HttpModeOptions {
  /** The bot's endpoint for events, commands and interactions alike. */
  readonly requestUrl: string;
  readonly signingSecret: string;
  /** Before the first, second and third repetition of an event; Slack waits nothing, a minute, five minutes. */
  readonly retryDelaysMs?: readonly number[];
  /** Added to the timestamp of the signature: a stale one must be refused. */
  readonly clockSkewSeconds?: number;
}

const giveUpMs = 15_000;

interface Sending {
  readonly push: Push;
  readonly retryNum: number;
  readonly retryReason: string;
}

/** Slack's side of a request URL: signed posts, events repeated where the bot failed, commands never. */
export class HttpMode implements Transport {
  readonly #options: HttpModeOptions;
  readonly #log: EmulatorLog;
  readonly #closing = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: HttpModeOptions, log: EmulatorLog) {
    this.#options = options;
    this.#log = log;
  }

  send(delivery: Delivery): void {
    const { push } = delivery;
    void this.#deliver(delivery, { push, retryNum: push.retryAttempt, retryReason: push.retryReason });
  }

  /** Whether the endpoint answers Slack's challenge, as it must before Slack uses it. */
  async verifyUrl(challenge: string): Promise<boolean> {
    const body = JSON.stringify({ type: 'url_verification', token: verificationToken, challenge });
    const response = await this.#post(body, 'application/json', {});
    const text = await response.text();
    const answer = parsedJson(text);
    return response.ok && (text === challenge || (isObject(answer) && answer['challenge'] === challenge));
  }

  close(): void {
    this.#closing.abort();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #deliver(delivery: Delivery, sending: Sending): Promise<void> {
    let missed = false;
    delivery.sent(() => {
      missed = true;
      this.#retry(delivery, sending, 'http_timeout');
    });
    try {
      const response = await this.#postPush(sending);
      const text = await response.text();
      this.#record(sending, response.status, text);
      if (response.ok) {
        delivery.acknowledged(acknowledgedBody(sending.push, text));
        return;
      }
      // An endpoint that gives up after three seconds says so with an error: the deadline has told it already.
      if (missed) return;
      this.#log.violation('refused push', `${delivery.describe()}: status ${response.status}`);
      delivery.fail('dispatch_failed');
      if (response.headers.get('x-slack-no-retry') !== '1') this.#retry(delivery, sending, 'http_error');
    } catch {
      if (this.#closing.signal.aborted) {
        delivery.abandon();
        return;
      }
      this.#record(sending, null, '');
      if (missed) return;
      delivery.fail('dispatch_failed');
      this.#retry(delivery, sending, 'connection_failed');
    }
  }

  #retry(delivery: Delivery, sending: Sending, retryReason: string): void {
    if (!delivery.isEvent || sending.retryNum >= eventRetries) return;
    const delayMs = (this.#options.retryDelaysMs ?? [0, 60_000, 300_000])[sending.retryNum] ?? 0;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#deliver(delivery, { push: sending.push, retryNum: sending.retryNum + 1, retryReason });
    }, delayMs);
    this.#timers.add(timer);
  }

  #postPush({ push, retryNum, retryReason }: Sending): Promise<Response> {
    const retries: Record<string, string> =
      retryNum === 0 ? {} : { 'x-slack-retry-num': String(retryNum), 'x-slack-retry-reason': retryReason };
    if (push.type === 'events_api') return this.#post(JSON.stringify(push.payload), 'application/json', retries);
    const form = new URLSearchParams(
      push.type === 'slash_commands' ? stringsOf(push.payload) : { payload: JSON.stringify(push.payload) },
    );
    return this.#post(form.toString(), 'application/x-www-form-urlencoded', retries);
  }

  #post(body: string, contentType: string, headers: Record<string, string>): Promise<Response> {
    const timestamp = String(Math.floor(Date.now() / 1_000) + (this.#options.clockSkewSeconds ?? 0));
    const hash = createHmac('sha256', this.#options.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
    return fetch(this.#options.requestUrl, {
      method: 'POST',
      body,
      headers: {
        ...headers,
        'content-type': contentType,
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${hash}`,
      },
      signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(giveUpMs)]),
    });
  }

  #record({ push, retryNum }: Sending, status: number | null, answer: string): void {
    this.#log.add({ kind: 'push', type: push.type, retryNum, status, answer, atMs: Date.now() });
  }
}

/** A command may be answered with plain text. */
function acknowledgedBody(push: Push, text: string): JsonObject | null {
  const body = parsedJson(text);
  if (isObject(body)) return Object.keys(body).length > 0 ? body : null;
  return push.type === 'slash_commands' && text !== '' ? { text } : null;
}

function stringsOf(payload: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, String(value)]));
}
