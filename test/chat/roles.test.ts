import { describe, expect, it } from 'vitest';
import type { Asker } from '../../src/chat/invocation.ts';
import { createRoleOf, mayAct } from '../../src/chat/roles.ts';

const roleOf = createRoleOf((platform) =>
  platform === 'slack' ? { admins: ['U1', 'S-admins'], operators: ['U2', 'S-ops'] } : null,
);

describe('who is who', () => {
  it.each<[string, Partial<Asker>, string, string]>([
    ['everybody', {}, 'slack', 'viewer'],
    ['an owner', { administers: true }, 'slack', 'admin'],
    ["the console's user", { administers: true }, 'console', 'admin'],
    ['a named admin', { id: 'U1' }, 'slack', 'admin'],
    ['one of a group of admins', { groups: ['S-x', 'S-admins'] }, 'slack', 'admin'],
    ['a named operator', { id: 'U2' }, 'slack', 'operator'],
    ['one of a group of operators', { groups: ['S-ops'] }, 'slack', 'operator'],
    ['one of both', { groups: ['S-ops', 'S-admins'] }, 'slack', 'admin'],
    ['the same id on another platform', { id: 'U1' }, 'discord', 'viewer'],
    ['somebody who is called like an admin', { name: 'U1' }, 'slack', 'viewer'],
  ])('%s', (_, asker, platform, role) => {
    const user = { id: 'U9', name: 'Ada', groups: [], administers: false, ...asker };
    expect(roleOf({ platform, text: '', user, channel: 'c', locale: 'en', id: null })).toBe(role);
  });

  it.each([
    ['viewer', 'viewer', true],
    ['viewer', 'operator', false],
    ['operator', 'viewer', true],
    ['operator', 'admin', false],
    ['admin', 'operator', true],
  ] as const)('%s may act as %s: %s', (held, needed, may) => expect(mayAct(held, needed)).toBe(may));
});
