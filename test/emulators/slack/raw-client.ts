import { WebSocket } from 'ws';
import type { SlackEmulator } from './emulator.ts';
import { isObject, type JsonObject, parsedJson } from './json.ts';

export interface RawAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: JsonObject;
}

/** A Web API call as any client makes it. */
export async function callApi(
  slack: SlackEmulator,
  method: string,
  body: JsonObject = {},
  token: string | null = slack.botToken,
): Promise<RawAnswer> {
  const response = await fetch(`${slack.apiUrl}${method}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return rawAnswer(response);
}

export async function postJson(url: string, body: JsonObject): Promise<RawAnswer> {
  const headers = { 'content-type': 'application/json' };
  return rawAnswer(await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }));
}

async function rawAnswer(response: Response): Promise<RawAnswer> {
  const body = parsedJson(await response.text());
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: isObject(body) ? body : {} };
}

/** A bot of the barest kind on Socket Mode: keeps every frame, acknowledges where it is told to. */
export class RawSocket implements Disposable {
  readonly frames: JsonObject[] = [];
  readonly ws: WebSocket;
  pongs = 0;
  closeCode: number | null = null;

  constructor(url: string, acknowledges: boolean) {
    this.ws = new WebSocket(url);
    this.ws.on('error', () => undefined);
    this.ws.on('pong', () => {
      this.pongs += 1;
    });
    this.ws.on('close', (code) => {
      this.closeCode = code;
    });
    this.ws.on('message', (data) => {
      const frame = parsedJson(String(data));
      if (!isObject(frame)) return;
      this.frames.push(frame);
      if (acknowledges && frame['envelope_id'] !== undefined) this.acknowledge(frame);
    });
  }

  envelopes(): readonly JsonObject[] {
    return this.frames.filter((frame) => frame['envelope_id'] !== undefined);
  }

  acknowledge(envelope: JsonObject, payload: JsonObject = {}): void {
    this.ws.send(JSON.stringify({ envelope_id: envelope['envelope_id'], payload }));
  }

  [Symbol.dispose](): void {
    this.ws.terminate();
  }
}

export async function socketUrl(slack: SlackEmulator): Promise<string> {
  const { body } = await callApi(slack, 'apps.connections.open', {}, slack.appToken);
  return String(body['url']);
}

/** Connected and greeted. */
export async function openSocket(slack: SlackEmulator, options = { acknowledges: true }): Promise<RawSocket> {
  const socket = new RawSocket(await socketUrl(slack), options.acknowledges);
  await slack.until(() => socket.frames.length > 0, 2_000, 'hello');
  return socket;
}
