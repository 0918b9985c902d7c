import { z } from 'zod';
import type { Command } from '../src/chat/command.ts';
import { nearest } from '../src/chat/nearest.ts';
import { UserError } from '../src/domain/errors.ts';
import type { Farm } from '../src/domain/farm.ts';
import { accountingDay } from '../src/fleet/accounting-day.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { digestOf } from '../src/fleet/digest.ts';
import { ledgerDay } from '../src/fleet/ledger.ts';
import { type DigestFacts, digestFacts } from './facts/digest.ts';
import { presentDigest } from './present/digest.ts';

const options = z.object({ date: z.string().default('yesterday'), site: z.string().optional() });

type Options = z.infer<typeof options>;

/** A day's AI against mining, for the fleet or one site. */
export const digest: Command<FleetContext, Options, DigestFacts> = {
  name: 'digest',
  summary: "A day's AI against mining, from the ledger",
  aliases: ['report', 'daily'],
  shorthands: {},
  role: 'viewer',
  changes: false,
  visibility: 'channel',
  options: [
    {
      name: 'date',
      description: 'yesterday (unless you say otherwise), today or a date like 2026-11-21',
      required: false,
      kind: 'text',
      positional: true,
    },
    { name: 'site', description: 'one site alone', required: false, kind: 'site' },
  ],
  examples: ['digest', 'digest today'],
  parse: options,
  facts: digestFacts,
  run,
  present: presentDigest,
};

async function run(
  { date, site }: Options,
  { farm, ledger, clock, writtenAfterMs }: FleetContext,
): Promise<DigestFacts> {
  const nowMs = clock.now();
  const asked = date.trim().toLowerCase();
  const day = accountingDay(asked, farm.timezone, nowMs);
  const siteName = site === undefined ? null : findSite(site, farm);
  const found = await ledgerDay(ledger, farm, day, nowMs, writtenAfterMs);
  const { work, best, worst, accounts, quotes, ...rest } = digestOf(found, farm, siteName);
  return {
    asked,
    ...day,
    site: siteName,
    untilMs: found.untilMs,
    newestStartMs: await ledger.newestStartMs(),
    digest: {
      ...rest,
      work: [...work],
      best: [...best],
      worst: [...worst],
      accounts: [...accounts],
      quotes: [...quotes],
    },
  };
}

function findSite(name: string, farm: Farm): string {
  const names = farm.sites.map((site) => site.name);
  const found = names.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const close = nearest(name, names);
  throw new UserError(
    `There is no site "${name}".`,
    close === null ? `Sites are ${names.join(', ')}.` : `Did you mean site:${close}?`,
  );
}
