import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseStoreAddress } from '../../adapters/store/store-address.ts';
import { UserError } from '../../src/domain/errors.ts';

test.each([
  ['sqlite::memory:', { kind: 'memory', where: 'sqlite::memory:' }],
  ['sqlite:farm.db', { kind: 'file', path: resolve('farm.db') }],
  ['sqlite:/var/lib/rigshift/a farm.db', { kind: 'file', path: '/var/lib/rigshift/a farm.db' }],
  ['sqlite:///var/lib/rigshift/farm.db', { kind: 'file', path: '/var/lib/rigshift/farm.db' }],
  ['postgres://db.farm.example/rigshift', { kind: 'postgres', where: 'postgres://db.farm.example:5432/rigshift' }],
  ['postgresql://bot:pw@[::1]:6432/x?sslmode=require', { kind: 'postgres', where: 'postgres://[::1]:6432/x' }],
])('%s is understood', (url, address) => {
  expect(parseStoreAddress(url)).toMatchObject(address);
});

test.each([
  '',
  'sqlite:',
  'farm.db',
  'mysql://bot:hunter2@host/farm',
  'postgres://bot:hunter2@host:port/farm',
  'postgres:',
])('"%s" is refused without repeating a password', (url) => {
  const refused = () => parseStoreAddress(url);
  expect(refused).toThrow(UserError);
  expect(refused).not.toThrow(/hunter2/);
});
