import { expect, it } from 'vitest';
import { commands } from '../../commands/index.ts';
import { formOf } from '../../src/chat/form.ts';

/** What people are used to typing, and what it means here. */
const habits: Readonly<Record<string, readonly string[]>> = {
  profit: ['earnings', 'income', 'revenue', 'compare'],
  status: ['hashrate', 'stats', 'farm'],
  rig: ['worker', 'machine', 'node', 'host', 'server'],
  rigs: ['gpus', 'machines', 'workers'],
  'rigs sort:temp': ['temps'],
  'rigs state:down': ['offline', 'down'],
  readiness: ['ai', 'hpc', 'ready'],
  digest: ['report', 'daily'],
};

it.each(Object.entries(habits).flatMap(([meant, words]) => words.map((word) => ({ word, meant }))))(
  '$word means $meant',
  ({ word, meant }) => {
    const form = formOf(meant, commands);
    expect(form).not.toBeNull();
    for (const typed of [word, word.toUpperCase(), `/fleet ${word}`]) expect(formOf(typed, commands)).toEqual(form);
  },
);
