import { UpstreamError } from '../../src/domain/errors.ts';

/** What was asked for is more than a limit of the server or of ours allows; less of it may be answered. */
export class AskedTooMuch extends UpstreamError {}

/** What the server's refusal means where it gives no reason, and what to do about it. */
const remedies: Readonly<Record<number, string>> = {
  401: 'it wants credentials; check PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD, or PROMETHEUS_TOKEN',
  403: 'these credentials may not read it',
  404: 'no Prometheus API at this URL; check its path prefix',
  407: 'a proxy on the way wants credentials',
  413: 'a proxy on the way takes no query of this length',
  429: 'it is asked too often',
};

/** Phrases of the limits of Prometheus, Thanos, Mimir and VictoriaMetrics. */
const limitPhrases = /too many|exceed|limit|maximum|max[A-Z-]/;
const limitRemedy =
  'a limit of the server: raise it there, or ask for the farm in parts with metrics.prometheus.shardBy';

export interface Refusal {
  /** The server's name in the message. */
  readonly origin: string;
  readonly status: number;
  /** The server's own words, where it has some. */
  readonly reason: string | null;
  readonly retryAfterMs: number | null;
  /** Where a redirection leads. */
  readonly location: string | null;
}

export function refused({ origin, status, reason, retryAfterMs, location }: Refusal): UpstreamError {
  const message = `${origin}: HTTP ${status}: ${words(status, reason, location)}`;
  if (status === 422 || status === 413) return new AskedTooMuch('prometheus', message, { retryable: false });
  return new UpstreamError('prometheus', message, { retryable: status >= 500 || status === 429, retryAfterMs });
}

function words(status: number, reason: string | null, location: string | null): string {
  if (status >= 300 && status < 400) return `it redirects to ${location ?? 'an unnamed place'}; give that URL`;
  if (reason === null) return remedies[status] ?? 'check the URL';
  return status === 422 && limitPhrases.test(reason) ? `${reason}; ${limitRemedy}` : reason;
}

/** What keeps a connection from standing, in words, with what to do about it. */
export function connectionFault(error: unknown, tls: boolean): string {
  const code = codeOf(error);
  if (code === null) return `the connection broke (unknown reason); ${elsewhere}`;
  const known = tlsFaults.find(([codes]) => codes.test(code));
  if (known !== undefined) return known[1];
  if (code === 'ECONNREFUSED') return `connection refused; ${elsewhere}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `its name is unknown; ${elsewhere}`;
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return `it cannot be reached in time; ${elsewhere}`;
  if (code.startsWith('Z_')) return `its compressed answer is broken (${code}); check what stands between`;
  const broke = `the connection broke (${code}); ${elsewhere}`;
  // With TLS 1.3 the end of the connection hides why the server ended it.
  return tls && (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET') ? `${broke}; perhaps ${wantsCertificate}` : broke;
}

const elsewhere = 'check the URL and that it runs';

const wantsCertificate =
  'it wants a client certificate that it knows; check metrics.prometheus.tls.certificate and key';

const tlsFaults: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_SELF_SIGNED|CERT_UNTRUSTED|INVALID_CA)/,
    'its certificate is signed by nobody known here; give its authority as metrics.prometheus.tls.ca',
  ],
  [/^CERT_HAS_EXPIRED$/, 'its certificate has expired; renew it there'],
  [/^CERT_NOT_YET_VALID$/, 'its certificate is not valid yet; check both clocks'],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'its certificate is for another name; correct the URL, or give the name as metrics.prometheus.tls.serverName',
  ],
  [
    /ALERT_(?:CERTIFICATE_|HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/,
    wantsCertificate,
  ],
  [
    /^ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)|^EPROTO$/,
    'it speaks no TLS there; check whether the URL should begin with http://',
  ],
  [/^ERR_OSSL_X509_KEY_VALUES_MISMATCH$/, 'metrics.prometheus.tls: the key does not belong to the certificate'],
  [/^ERR_OSSL_/, 'metrics.prometheus.tls: a certificate or the key is no PEM text that can be read'],
];

function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined ? null : codeOf(error.cause);
}

/** Of a Retry-After header, in seconds or as a date. */
export function retryAfter(header: string | string[] | undefined, nowMs: number): number | null {
  if (typeof header !== 'string') return null;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
