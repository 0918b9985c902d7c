import { z } from 'zod';
import type { Command } from '../src/chat/command.ts';
import { UserError } from '../src/domain/errors.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { type AuditFacts, auditFacts } from './facts/audit.ts';
import { presentAudit } from './present/audit.ts';

const ROWS_PER_PAGE = 20;
const MOST_PAGES = 50;

const options = z.object({
  user: z.string().optional(),
  command: z.string().optional(),
  before: z
    .union(
      [z.iso.date(), z.iso.datetime({ offset: true })],
      'not a day (2026-11-22) or an instant (2026-11-22T12:00:00Z)',
    )
    .optional(),
  page: z.coerce
    .number('not a whole number')
    .int('not a whole number')
    .min(1, 'pages begin at 1')
    .max(MOST_PAGES, `there are at most ${MOST_PAGES} pages; ask with before:`)
    .default(1),
});

type Options = z.infer<typeof options>;

/** Who changed what, where, and what came of it; the newest first. */
export const audit: Command<FleetContext, Options, AuditFacts> = {
  name: 'audit',
  summary: 'Who changed what, where and with what result',
  aliases: [],
  shorthands: {},
  role: 'admin',
  changes: false,
  visibility: 'asker',
  options: [
    { name: 'user', description: 'the id of one user', required: false, kind: 'text' },
    { name: 'command', description: 'one command', required: false, kind: 'text' },
    { name: 'before', description: 'before a day or an instant', required: false, kind: 'text' },
    { name: 'page', description: 'which page', required: false, kind: 'number' },
  ],
  examples: ['audit', 'audit before:2026-11-01'],
  parse: options,
  facts: auditFacts,
  run,
  present: presentAudit,
};

async function run(asked: Options, { audit: trail, farm }: FleetContext): Promise<AuditFacts> {
  const { user, command, before, page } = asked;
  const from = (page - 1) * ROWS_PER_PAGE;
  const entries = await trail.list({
    // One more than is shown says whether there are more.
    limit: from + ROWS_PER_PAGE + 1,
    ...(user === undefined ? {} : { userId: user }),
    ...(command === undefined ? {} : { command }),
    ...(before === undefined ? {} : { beforeMs: instantOf(before, farm.timezone) }),
  });
  if (page > 1 && entries.length <= from) {
    const pages = Math.max(1, Math.ceil(entries.length / ROWS_PER_PAGE));
    throw new UserError(`There is no page ${page}: the last is ${pages}.`, `Type audit page:${pages}.`);
  }
  return {
    filter: { user: user ?? null, command: command ?? null, before: before ?? null },
    page,
    hasMore: entries.length > from + ROWS_PER_PAGE,
    changes: entries
      .slice(from, from + ROWS_PER_PAGE)
      .map(({ atMs, platform, channel, userId, userName, ...entry }) => ({
        at: new Date(atMs).toISOString(),
        platform,
        channel,
        user: { id: userId, name: userName },
        command: entry.command,
        text: entry.text,
        result: entry.result,
        detail: entry.detail,
      })),
  };
}

/** A day begins when it begins at the farm. */
function instantOf(written: string, timeZone: string): number {
  if (written.includes('T')) return Date.parse(written);
  return Temporal.PlainDate.from(written).toZonedDateTime(timeZone).epochMilliseconds;
}
