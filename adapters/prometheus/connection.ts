import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Agent, type Dispatcher, request } from 'undici';
import type { PrometheusCredentials, TlsSettings } from '../../src/domain/metrics-settings.ts';

export interface ConnectionOptions {
  /** May have a path prefix, as Mimir's does, with or without a slash at its end. */
  readonly url: string;
  readonly credentials: PrometheusCredentials;
  readonly headers?: Readonly<Record<string, string>>;
  readonly tls?: TlsSettings | null;
  /** Of a whole query; connecting has at most ten seconds of it. */
  readonly timeoutMs: number;
}

const connectLimitMs = 10_000;
/** A shorter header, a tenant's number for example, hides nothing and would be found in every text. */
const leastSecretLetters = 4;

/** Requests to one server: who asks, over which certificates, and by which method. */
export class Connection {
  /** For messages: without path, credentials and headers. */
  readonly origin: string;
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #secrets: readonly string[];
  readonly #agent: Agent;
  #method: 'POST' | 'GET' = 'POST';

  constructor({ url, credentials, headers = {}, tls = null, timeoutMs }: ConnectionOptions) {
    const base = new URL(url);
    this.origin = base.origin;
    this.#base = `${base.origin}${base.pathname.replace(/\/+$/, '')}`;
    const authorization = authorizationHeader(credentials);
    this.#headers = {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
      ...(authorization === null ? {} : { authorization }),
      'user-agent': 'rigshift',
      'accept-encoding': acceptedEncoding(base.hostname),
    };
    const telling = Object.values(headers).filter(({ length }) => length >= leastSecretLetters);
    this.#secrets = [...secretsOf(credentials), ...telling].filter((secret) => secret !== '');
    this.#agent = new Agent({ connect: { timeout: Math.min(connectLimitMs, timeoutMs), ...tlsOptions(tls) } });
  }

  /**
   * By POST, because a query may be longer than a URL; by GET from then on where something on the way refuses POST with
   * 405 or 501, as Prometheus' own client does.
   */
  async ask(path: string, parameters: URLSearchParams, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    if (this.#method === 'POST') {
      const contentType = 'application/x-www-form-urlencoded';
      const answer = await this.#request(path, signal, {
        method: 'POST',
        headers: { ...this.#headers, 'content-type': contentType },
        body: parameters.toString(),
      });
      if (answer.statusCode !== 405 && answer.statusCode !== 501) return answer;
      await answer.body.dump();
      this.#method = 'GET';
    }
    return this.get(`${path}?${parameters}`, signal);
  }

  get(path: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    return this.#request(path, signal, { method: 'GET', headers: this.#headers });
  }

  /** A text of the server's without what was sent to it: some servers and proxies repeat headers in their errors. */
  withoutSecrets(text: string): string {
    return this.#secrets.reduce((cleared, secret) => cleared.replaceAll(secret, '***'), text);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #request(
    path: string,
    signal: AbortSignal,
    options: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string },
  ): Promise<Dispatcher.ResponseData> {
    return request(`${this.#base}${path}`, { ...options, dispatcher: this.#agent, signal });
  }
}

/** The body as it was before it was compressed. */
export function bodyOf({ headers, body }: Dispatcher.ResponseData): AsyncIterable<Buffer> {
  if (headers['content-encoding'] !== 'gzip') return body;
  const plain = createGunzip({ chunkSize: 64 * 1024 });
  // What goes wrong on either side ends the reading with an error, and who stops reading ends the request.
  pipeline(body, plain, () => {});
  return plain;
}

/** Over loopback compressing costs both sides more than it saves. */
export function acceptedEncoding(hostname: string): 'gzip' | 'identity' {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname) ? 'identity' : 'gzip';
}

function tlsOptions(tls: TlsSettings | null): Record<string, string> {
  const { ca = null, certificate = null, key = null, serverName = null } = tls ?? {};
  const options = { ca, cert: certificate, key, servername: serverName };
  return Object.fromEntries(Object.entries(options).filter((entry): entry is [string, string] => entry[1] !== null));
}

function authorizationHeader(credentials: PrometheusCredentials): string | null {
  switch (credentials.kind) {
    case 'none':
      return null;
    case 'basic':
      return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
    case 'bearer':
      return `Bearer ${credentials.token}`;
  }
}

function secretsOf(credentials: PrometheusCredentials): readonly string[] {
  switch (credentials.kind) {
    case 'none':
      return [];
    case 'basic':
      return [Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64'), credentials.password];
    case 'bearer':
      return [credentials.token];
  }
}
