import { resolve } from 'node:path';
import { UserError } from '../../src/domain/errors.ts';

export interface PostgresAddress {
  readonly kind: 'postgres';
  readonly where: string;
  readonly url: string;
}

export type StoreAddress =
  | { readonly kind: 'memory'; readonly where: string }
  | { readonly kind: 'file'; readonly where: string; readonly path: string }
  | PostgresAddress;

/**
 * Reads DATABASE_URL; `where` is what to call it in a message and carries no password.
 * @throws UserError
 */
export function parseStoreAddress(url: string): StoreAddress {
  if (url === 'sqlite::memory:') return { kind: 'memory', where: url };
  if (url.startsWith('sqlite:') && url !== 'sqlite:') {
    const path = resolve(url.slice('sqlite:'.length));
    return { kind: 'file', where: path, path };
  }
  if (/^postgres(ql)?:\/\//.test(url)) return { kind: 'postgres', where: withoutSecrets(url), url };
  throw badAddress('DATABASE_URL is no address of a database');
}

function withoutSecrets(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) throw badAddress('DATABASE_URL is not a valid address');
  return `postgres://${parsed.hostname}:${parsed.port || '5432'}${parsed.pathname}`;
}

function badAddress(message: string): UserError {
  return new UserError(message, 'Write sqlite:PATH, sqlite::memory: or postgres://USER:PASSWORD@HOST:PORT/DATABASE.');
}
