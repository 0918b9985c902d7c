import { writeFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TlsSettings } from '../../src/domain/metrics-settings.ts';
import { type Authority, type Certificate, createAuthority } from '../support/certificates.ts';
import { type PrometheusServer, startPrometheusServer, until } from '../support/prometheus-server.ts';
import { record } from '../support/recording-sinks.ts';
import { missingServers } from '../support/servers.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { matrix, sourceAt, startFakeApi } from './fake-api.ts';

const nothing: TlsSettings = { ca: null, certificate: null, key: null, serverName: null };

/** What it warns of, or why it cannot be read. */
const outcome = async (url: string, tls: Partial<TlsSettings> | null): Promise<string> => {
  const source = sourceAt(url, { tls: tls && { ...nothing, ...tls } });
  try {
    return (await record(source, ['m'])).report.warnings.join();
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  } finally {
    await source.close();
  }
};

describe.skipIf(missingServers('openssl'))('a server with TLS', () => {
  let authority: Authority;
  let stranger: Authority;
  let own: Certificate;
  let stop = async () => {};

  beforeAll(() => {
    authority = createAuthority('the farm');
    stranger = createAuthority('a stranger');
    own = authority.issue('IP:127.0.0.1');
  });
  afterEach(() => stop());

  const serve = async ({ certificate, key }: Certificate, options: ServerOptions = {}): Promise<string> => {
    const server = createServer({ cert: certificate, key, ...options }, (_request, response) => {
      response.end(matrix([], { warnings: ['it was read'] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stop = async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    };
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('is read with its own authority', async () => {
    expect(await outcome(await serve(own), { ca: authority.ca })).toMatch(/it was read/);
  });

  it('is not read without it, and with another', async () => {
    const url = await serve(own);
    for (const tls of [null, { ca: stranger.ca }]) {
      expect(await outcome(url, tls)).toMatch(
        /signed by nobody known here; give its authority as metrics\.prometheus\.tls\.ca/,
      );
    }
  });

  it('is not read where its certificate has expired', async () => {
    const url = await serve(authority.issue('IP:127.0.0.1', -1));
    expect(await outcome(url, { ca: authority.ca })).toMatch(/its certificate has expired/);
  });

  it('is read under another name where that is configured', async () => {
    const url = await serve(authority.issue('DNS:metrics.farm.example'));
    expect(await outcome(url, { ca: authority.ca })).toMatch(
      /for another name; .* metrics\.prometheus\.tls\.serverName/,
    );
    expect(await outcome(url, { ca: authority.ca, serverName: 'metrics.farm.example' })).toMatch(/it was read/);
  });

  it('that ends the connection without a word may want a client certificate', async () => {
    const url = await serve(own, { ca: authority.ca, requestCert: true, rejectUnauthorized: true });
    expect(await outcome(url, { ca: authority.ca })).toMatch(
      /the connection broke .* perhaps it wants a client certificate/,
    );
  });

  it('is told from one without', async () => {
    const plain = await startFakeApi();
    const url = plain.url.replace('http:', 'https:');
    expect(await outcome(url, null)).toMatch(/it speaks no TLS there; check whether the URL should begin with http:/);
    await plain.stop();
  });

  it('is not asked with a certificate that cannot be read, and the key is not shown', async () => {
    const url = await serve(own);
    const torn = { certificate: own.certificate.replace('BEGIN', 'BEG'), key: own.key };
    expect(await outcome(url, { ca: authority.ca, ...torn })).toMatch(/no PEM text that can be read$/);
    const foreign = { certificate: own.certificate, key: stranger.issue('DNS:x').key };
    expect(await outcome(url, { ca: authority.ca, ...foreign })).toMatch(/the key does not belong to the certificate$/);
  });
});

describe.skipIf(missingServers('openssl', 'prometheus')).each(['TLS12', 'TLS13'])(
  'a real Prometheus that wants a client certificate, with %s',
  (version) => {
    let server: PrometheusServer;
    let folder: TemporaryFolder;
    let url: string;
    let authority: Authority;

    beforeAll(async () => {
      authority = createAuthority('the farm');
      folder = temporaryFolder();
      const { certificate, key } = authority.issue('IP:127.0.0.1');
      for (const [name, text] of Object.entries({ ca: authority.ca, certificate, key })) {
        writeFileSync(join(folder.path, name), text);
      }
      const tls = {
        cert_file: 'certificate',
        key_file: 'key',
        client_ca_file: 'ca',
        client_auth_type: 'RequireAndVerifyClientCert',
        min_version: version,
        max_version: version,
      };
      writeFileSync(join(folder.path, 'web.yml'), JSON.stringify({ tls_server_config: tls }));
      server = await startPrometheusServer({ flags: [`--web.config.file=${join(folder.path, 'web.yml')}`] });
      url = server.url.replace('http:', 'https:');
    });
    afterAll(async () => {
      await server?.stop();
      folder?.[Symbol.dispose]();
    });

    it('is read with one', async () => {
      const tls = { ...nothing, ca: authority.ca, ...authority.issue('DNS:rigshift') };
      await until(10_000, async () => /scraped no target lately/.test(await outcome(url, tls)));
    });

    it('says so without one, and with one of a stranger', async () => {
      const foreign = createAuthority('a stranger').issue('DNS:rigshift');
      for (const tls of [{}, foreign]) {
        expect(await outcome(url, { ca: authority.ca, ...tls })).toMatch(/it wants a client certificate that it knows/);
      }
    });
  },
);
