import type { Presentation } from '../../src/chat/command.ts';
import { quoteValue } from '../../src/chat/command-line.ts';
import { formatInstant, unknown } from '../../src/chat/format.ts';
import { formatCount } from '../../src/chat/format-count.ts';
import type { Reply, Suggestion } from '../../src/chat/reply.ts';
import type { AuditFacts } from '../facts/audit.ts';
import { left } from './blocks.ts';

export function presentAudit(answer: AuditFacts, presentation: Presentation): Reply {
  const { say } = presentation;
  return {
    headline: headline(answer, presentation),
    blocks:
      answer.changes.length === 0
        ? []
        : [
            {
              kind: 'table',
              title: null,
              columns: ['When', 'Who', 'Where', 'What', 'Result', 'Detail'].map((title) => left(say(title))),
              rows: answer.changes.map(({ at, user, platform, channel, text, result, detail }) => [
                formatInstant(Date.parse(at), presentation),
                `${user.name} (${user.id})`,
                `${platform} ${channel}`,
                text,
                result === null ? unknown(presentation) : say(result),
                detail === null ? '' : say.sentence(detail),
              ]),
              more: null,
            },
          ],
    next: pages(answer, presentation),
  };
}

function headline({ changes, page, hasMore }: AuditFacts, presentation: Presentation): string {
  const { say } = presentation;
  if (changes.length === 0) return say('Nothing was changed.');
  const count = formatCount(changes.length, 'change', presentation);
  if (page > 1) return say('{count}, page {page}, the newest first.', { count, page });
  return hasMore ? say('The last {count}, the newest first.', { count }) : say('{count}, the newest first.', { count });
}

function pages({ filter, page, hasMore }: AuditFacts, { say }: Presentation): Suggestion[] {
  const options = Object.entries(filter).flatMap(([name, value]) =>
    value === null ? [] : [`${name}:${quoteValue(value)}`],
  );
  const at = (number: number) => ['audit', ...options, `page:${number}`].join(' ');
  return [
    ...(page > 1 ? [{ label: say('Previous page'), command: at(page - 1), replaces: true } as const] : []),
    ...(hasMore ? [{ label: say('Next page'), command: at(page + 1), replaces: true } as const] : []),
  ];
}
