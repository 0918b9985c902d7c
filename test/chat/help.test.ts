import { describe, expect, it } from 'vitest';
import { createHelp } from '../../commands/help.ts';
import type { AnyCommand } from '../../src/chat/command.ts';
import type { TableBlock } from '../../src/chat/reply.ts';
import type { FleetContext } from '../../src/fleet/context.ts';
import { presentation } from '../support/answers.ts';
import { farmOf } from '../support/farms.ts';
import { contextOf } from '../support/snapshots.ts';
import { restart, rig, rigs } from './sample-commands.ts';

const commands: AnyCommand<FleetContext>[] = [
  { ...rigs, run: async () => ({}) },
  { ...rig, run: async () => ({}) },
  { ...restart, run: async () => ({}) },
];
const help = createHelp(() => commands);
commands.push(help);

const context = contextOf(null, farmOf());

async function ask(command?: string) {
  const facts = help.facts.parse(await help.run(command === undefined ? {} : { command }, context));
  const reply = help.present(facts, presentation);
  const tables = reply.blocks.filter((block): block is TableBlock => block.kind === 'table');
  return { facts, reply, tables };
}

describe('help', () => {
  it('lists every command in the order of the index', async () => {
    const { facts, tables } = await ask();
    expect(facts.commands.map(({ name }) => name)).toEqual(['rigs', 'rig', 'restart', 'help']);
    expect(tables[0]?.rows).toEqual([
      ['rigs', 'A table of rigs', 'viewer', 'rigs sort:temp'],
      ['rig', 'Everything about one rig', 'viewer', 'rig a1'],
      ['restart', 'Restarts the miner', 'operator, audited', 'restart'],
      ['help', 'What can be asked, with examples', 'viewer', 'help'],
    ]);
  });

  it('shows what other words mean', async () => {
    const { tables } = await ask();
    expect(tables[1]?.rows).toEqual([
      ['gpus', 'rigs'],
      ['temps', 'rigs sort:temp'],
      ['worker, machine', 'rig'],
      ['commands', 'help'],
    ]);
  });

  it.each(['rigs', 'RIGS', 'gpus', 'temps'])('about %s shows its options, choices and examples', async (word) => {
    const { facts, reply, tables } = await ask(word);
    expect(facts.about).toBe('rigs');
    expect(facts.commands).toHaveLength(1);
    expect(reply.headline).toBe('rigs: A table of rigs.');
    expect(tables[0]?.rows).toEqual([
      ['site:SITE', 'only this site; site: may be left out'],
      ['sort:name|temp|power', 'in which order'],
      ['page:NUMBER', 'which page'],
      ['wide:true', 'all columns'],
    ]);
    expect(reply.next.map(({ command }) => command)).toEqual(rigs.examples);
  });

  it('marks what is required', async () => {
    const { reply, tables } = await ask('rig');
    expect(tables[0]?.rows).toEqual([['name:RIG', 'which rig; required; name: may be left out']]);
    expect(reply.blocks[0]).toMatchObject({
      fields: expect.arrayContaining([{ name: 'Type', value: 'rig name:RIG' }]),
    });
  });

  it('knows no more than there is', async () => {
    await expect(ask('rgis')).rejects.toMatchObject({
      message: 'There is no command "rgis".',
      remedy: expect.stringContaining('Did you mean help rig'),
    });
  });
});
