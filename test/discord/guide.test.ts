import { readFile } from 'node:fs/promises';
import { PermissionFlagsBits, PermissionsBitField } from 'discord.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { neededPermissions, permissionsNumber } from '../../adapters/discord/permissions.ts';

const guide = await readFile(new URL('../../docs/discord.md', import.meta.url), 'utf8');

test('the invite link asks for the permissions that are used, and nothing else', () => {
  const [link = ''] = /https:\/\/discord\.com\/oauth2\/authorize\S+/.exec(guide) ?? [];
  const { searchParams } = new URL(link);
  expect(searchParams.get('scope')).toBe('bot applications.commands');
  expect(searchParams.get('permissions')).toBe(String(permissionsNumber()));
  expect(new PermissionsBitField(permissionsNumber()).toArray().toSorted()).toEqual(
    Object.keys(neededPermissions).toSorted(),
  );
});

test('the guide names every permission with its reason', () => {
  for (const [name, reason] of Object.entries(neededPermissions)) {
    // Discord's own name of ViewChannel has an s.
    const words = name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').replace(/^View Channel$/, 'View Channels');
    expect(guide.toLowerCase()).toContain(`| ${words} | ${reason} |`.toLowerCase());
  }
});

test('nothing that could change a server is asked for', () => {
  const { Administrator, ManageGuild, ManageMessages, MentionEveryone } = PermissionFlagsBits;
  expect(permissionsNumber() & (Administrator | ManageGuild | ManageMessages | MentionEveryone)).toBe(0n);
});

test('the configuration that it shows has the keys that there are, and ids as text', () => {
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? [];
  const { chat } = parse(yaml);
  expect(Object.keys(chat.discord)).toEqual(['admins', 'operators', 'adminChannel']);
  for (const id of Object.values(chat.discord).flat()) expect(id).toMatch(/^\d{17,19}$/);
});
