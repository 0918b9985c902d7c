import { resolve } from 'node:path';
import { z } from 'zod';
import type { PrometheusSettings, TlsSettings } from '../domain/metrics-settings.ts';
import type { Contradiction } from './consistency.ts';
import { setting, type Variables } from './environment.ts';
import { fileFault } from './file-text.ts';
import { describeFound } from './mistake.ts';

/** What a request to a Prometheus server carries that stands partly outside the file: in variables and in PEM files. */
export interface PrometheusAccess {
  readonly headers: PrometheusSettings['headers'];
  readonly tls: TlsSettings | null;
  /** Values of headers that came from variables: they must appear in no log. */
  readonly secrets: readonly string[];
  readonly mistakes: readonly Contradiction[];
}

const text = z.string().trim().min(1).nullish().catch(null);

const outline = z
  .object({
    url: text,
    headers: z.record(z.string(), z.unknown()).catch({}),
    tls: z.object({ ca: text, certificate: text, key: text, serverName: text }).nullish().catch(null),
  })
  .catch({ url: null, headers: {}, tls: null });

/** @param group `metrics.prometheus` as it is written, wrong or not. @param folder where relative paths start. */
export async function readPrometheusAccess(
  group: unknown,
  { env, folder, read }: { env: Variables; folder: string; read: (path: string) => Promise<string> },
): Promise<PrometheusAccess> {
  if (group === undefined || group === null) return { headers: {}, tls: null, secrets: [], mistakes: [] };
  const { url, headers: written, tls: files } = outline.parse(group);
  const headers = headersOf(written, env);
  const tls = files === null || files === undefined ? noTls : await tlsOf(files, (path) => read(resolve(folder, path)));
  const address = setting(env, 'PROMETHEUS_URL') ?? url;
  const isPlain = tls.settings !== null && address?.startsWith('http:') === true;
  const unused = { path: [...place, 'tls'], found: 'tls beside an http:// address', allowed: 'an https:// address' };
  return {
    headers: headers.headers,
    secrets: headers.secrets,
    tls: tls.settings,
    mistakes: [...headers.mistakes, ...tls.mistakes, ...(isPlain ? [unused] : [])],
  };
}

const place = ['metrics', 'prometheus'];

/** Set by the client itself; others would break the request. */
const reserved =
  /^(?:host|content-(?:length|type|encoding)|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|accept-encoding)$/i;
const signsIn = /^(?:proxy-)?authori[sz]ation$|cookie|token|secret|api-?key|password/i;

interface Header {
  readonly value?: string;
  readonly secret?: true;
  readonly refusal?: { readonly found: string; readonly allowed: string };
}

function headersOf(written: Readonly<Record<string, unknown>>, env: Variables) {
  // What is no text was said by the schema already.
  const texts = Object.entries(written).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const read = texts.map(([name, value]) => ({ name, header: headerOf(name, value.trim(), env) }));
  const values = read.flatMap(({ name, header: { value } }) => (value === undefined ? [] : [[name, value] as const]));
  return {
    headers: Object.fromEntries(values) as Record<string, string>,
    secrets: read.flatMap(({ header: { secret, value } }) => (secret && value !== undefined ? [value] : [])),
    mistakes: read.flatMap(({ name, header: { refusal } }) =>
      refusal === undefined ? [] : [{ path: [...place, 'headers', name], ...refusal }],
    ),
  };
}

/** A value of the form `$NAME` comes from the environment, so that no secret has to stand in the file. */
function headerOf(name: string, value: string, env: Variables): Header {
  const refuse = (found: string, allowed: string): Header => ({ refusal: { found, allowed } });
  const variable = /^\$([A-Za-z_]\w*)$/.exec(value)?.[1];
  const meant = variable === undefined ? value : setting(env, variable);
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(name))
    return refuse(describeFound(name), 'the name of an HTTP header');
  if (reserved.test(name)) return refuse('a header that every request has already', 'another header');
  if (/^authorization$/i.test(name) && hasCredentials(env)) {
    return refuse('a header beside PROMETHEUS_TOKEN or PROMETHEUS_USERNAME', 'one way to sign in');
  }
  if (variable === undefined && signsIn.test(name)) {
    return refuse('a secret in the file', 'the name of an environment variable: $FARM_API_KEY');
  }
  if (meant === undefined) return refuse(`$${variable}, which is not set`, 'an environment variable that is set');
  if (!/^[\t\x20-\x7e\x80-\xff]{1,4000}$/.test(meant)) {
    return refuse('a value that no header can have', 'printable characters on one line, 4000 at most');
  }
  return variable === undefined ? { value: meant } : { value: meant, secret: true };
}

function hasCredentials(env: Variables): boolean {
  return setting(env, 'PROMETHEUS_TOKEN') !== undefined || setting(env, 'PROMETHEUS_USERNAME') !== undefined;
}

interface Tls {
  readonly settings: TlsSettings | null;
  readonly mistakes: readonly Contradiction[];
}

const noTls: Tls = { settings: null, mistakes: [] };

const certificateBegins = /^-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/m;
/** One with a passphrase begins otherwise, or says `ENCRYPTED` in its head. */
const keyBegins = /^-----BEGIN (?:RSA |EC )?PRIVATE KEY-----(?!\r?\nProc-Type: 4,ENCRYPTED)/m;

type TlsFiles = { readonly [Key in keyof TlsSettings]?: string | null | undefined };

async function tlsOf(files: TlsFiles, read: (path: string) => Promise<string>): Promise<Tls> {
  const { ca, certificate, key, serverName } = files;
  if (!ca && !certificate && !key && !serverName) return noTls;
  const mistakes: Contradiction[] = [];
  const refuse = (name: keyof TlsSettings, found: string, allowed: string) =>
    void mistakes.push({ path: [...place, 'tls', name], found, allowed });
  const pem = async (name: 'ca' | 'certificate' | 'key', holds: RegExp, allowed: string) => {
    const path = files[name];
    if (!path) return null;
    try {
      const content = await read(path);
      if (holds.test(content)) return content;
      refuse(name, `${describeFound(path)}, which holds none`, allowed);
    } catch (error) {
      refuse(name, `${describeFound(path)}: ${fileFault(error)}`, 'a PEM file that can be read');
    }
    return null;
  };
  const settings = {
    ca: await pem('ca', certificateBegins, 'certificates in PEM'),
    certificate: await pem('certificate', certificateBegins, 'a certificate in PEM'),
    key: await pem('key', keyBegins, 'a private key in PEM, without a passphrase'),
    serverName: serverName ?? null,
  };
  if (certificate && !key) refuse('certificate', 'a certificate without key', 'both or none');
  if (key && !certificate) refuse('key', 'a key without certificate', 'both or none');
  return { settings, mistakes };
}
