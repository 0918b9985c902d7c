import { expect } from 'vitest';
import type { DiscordMessage } from '../../adapters/discord/render-reply.ts';

/*
 * What Discord's documentation says of a message, written down once more from the pages themselves, so that a wrong figure
 * in the adapter cannot make its own test pass: resources/message (content, embeds and their limits, attachments) and
 * components/reference (action rows, buttons, string selects).
 */

/** Fails where Discord would refuse the message. */
export function expectWithinDiscordLimits({ content, embeds, components, charts, files }: DiscordMessage): void {
  shorterThan(content, 2_000);
  expect(content.trim()).not.toBe('');
  expect(embeds.length).toBeLessThanOrEqual(10);
  let total = 0;
  for (const { title, description, fields, image } of embeds) {
    const texts = [title ?? '', description ?? '', ...(fields ?? []).flatMap(({ name, value }) => [name, value])];
    total += texts.join('').length;
    shorterThan(title ?? '', 256);
    shorterThan(description ?? '', 4_096);
    expect(fields?.length ?? 0).toBeLessThanOrEqual(25);
    for (const { name, value } of fields ?? []) {
      nonEmpty(name, 256);
      nonEmpty(value, 1_024);
    }
    expect(texts.some((text) => text.trim() !== '') || image !== undefined).toBe(true);
  }
  expect(total).toBeLessThanOrEqual(6_000);
  expect(files.length + charts.length).toBeLessThanOrEqual(10);
  expect(new Set([...files, ...charts].map(({ name }) => name)).size).toBe(files.length + charts.length);
  expectComponents(components);
}

function expectComponents(rows: DiscordMessage['components']): void {
  expect(rows.length).toBeLessThanOrEqual(5);
  const customIds: string[] = [];
  for (const { components } of rows) {
    expect(components.length).toBeGreaterThan(0);
    expect(components.length).toBeLessThanOrEqual(components.some(({ type }) => type === 3) ? 1 : 5);
    for (const component of components) {
      if (!('custom_id' in component)) throw new Error(`a component without custom_id: ${component.type}`);
      nonEmpty(component.custom_id, 100);
      customIds.push(component.custom_id);
      if ('label' in component) nonEmpty(component.label ?? '', 80);
      if (component.type === 3) expectSelect(component);
    }
  }
  expect(new Set(customIds).size).toBe(customIds.length);
}

function expectSelect(select: {
  readonly placeholder?: string;
  readonly options: readonly { readonly label: string; readonly value: string }[];
}): void {
  shorterThan(select.placeholder ?? '', 150);
  expect(select.options.length).toBeGreaterThan(0);
  expect(select.options.length).toBeLessThanOrEqual(25);
  for (const { label, value } of select.options) {
    nonEmpty(label, 100);
    nonEmpty(value, 100);
  }
  expect(new Set(select.options.map(({ value }) => value)).size).toBe(select.options.length);
}

function shorterThan(text: string, length: number): void {
  expect(text.length).toBeLessThanOrEqual(length);
  expect(text.isWellFormed()).toBe(true);
}

function nonEmpty(text: string, length: number): void {
  shorterThan(text, length);
  expect(text.trim()).not.toBe('');
}
