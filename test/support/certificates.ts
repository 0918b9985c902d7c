import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './servers.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** PEM texts. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

export interface Authority {
  readonly ca: string;
  /** `alternative`: `IP:127.0.0.1` or `DNS:name`; of `days` below 0 it has expired. */
  issue(alternative: string, days?: number): Certificate;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An authority of its own, which nobody knows; needs openssl, since Node signs no certificates. */
export function createAuthority(name: string): Authority {
  using folder = temporaryFolder();
  const authority = run(folder.path, (file) => [
    ...['req', '-x509', ...newKey, '-subj', `/CN=${name}`, '-days', '2'],
    ...['-keyout', file('key'), '-out', file('certificate')],
  ]);
  return {
    ca: authority.certificate,
    issue: (alternative, days = 2) => issue(authority, alternative, days),
  };
}

function issue(authority: Certificate, alternative: string, days: number): Certificate {
  using folder = temporaryFolder();
  const file = (name: string) => join(folder.path, name);
  writeFileSync(file('ca'), authority.certificate);
  writeFileSync(file('ca-key'), authority.key);
  writeFileSync(file('extensions'), `subjectAltName=${alternative}\n`);
  openssl(['req', ...newKey, '-subj', '/CN=issued', '-keyout', file('key'), '-out', file('request')]);
  return run(folder.path, () => [
    ...['x509', '-req', '-in', file('request'), '-CA', file('ca'), '-CAkey', file('ca-key'), '-set_serial', '2'],
    ...['-days', `${days}`, '-extfile', file('extensions'), '-out', file('certificate')],
  ]);
}

function run(folder: string, args: (file: (name: string) => string) => readonly string[]): Certificate {
  const file = (name: string) => join(folder, name);
  openssl(args(file));
  return { certificate: readFileSync(file('certificate'), 'utf8'), key: readFileSync(file('key'), 'utf8') };
}

function openssl(args: readonly string[]): void {
  execFileSync(findProgram('openssl') ?? 'openssl', args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 10_000 });
}
