import type { Presentation } from './command.ts';
import { cutText } from './layout/cut-text.ts';
import type { Reply, ReplyBlock } from './reply.ts';

/** More than anybody reads in one place; whoever names a rig must not keep the renderers busy for seconds. */
const LONGEST_TEXT = 2_000;

/** The reply with no text longer than can be shown anywhere; what was cut is counted in its place. Files stay whole. */
export function boundedReply(reply: Reply, { say }: Pick<Presentation, 'say'>): Reply {
  const bound = (text: string): string => {
    if (text.length <= LONGEST_TEXT) return text;
    const kept = cutText(text, LONGEST_TEXT);
    // The last of what is kept is the ellipsis.
    const count = text.length - kept.length + 1;
    return `${kept} ${say('({count, plural, one {# more character} other {# more characters}})', { count })}`;
  };
  const boundOrNone = (text: string | null): string | null => (text === null ? null : bound(text));
  const boundBlock = (block: ReplyBlock): ReplyBlock => {
    switch (block.kind) {
      case 'table':
        return {
          ...block,
          title: boundOrNone(block.title),
          columns: block.columns.map((column) => ({ ...column, title: bound(column.title) })),
          rows: block.rows.map((row) => row.map(bound)),
          more: block.more && { ...block.more, hint: bound(block.more.hint) },
        };
      case 'fields':
        return {
          ...block,
          title: boundOrNone(block.title),
          fields: block.fields.map(({ name, value }) => ({ name: bound(name), value: bound(value) })),
        };
      case 'text':
        return { ...block, text: bound(block.text) };
      case 'notes':
        return { ...block, notes: block.notes.map(bound) };
      case 'chart':
        return {
          ...block,
          title: bound(block.title),
          alt: bound(block.alt),
          unit: bound(block.unit),
          along: block.along.kind === 'names' ? { ...block.along, names: block.along.names.map(bound) } : block.along,
          series: block.series.map((series) => ({ ...series, name: bound(series.name) })),
        };
    }
  };
  return {
    ...reply,
    headline: bound(reply.headline),
    blocks: reply.blocks.map(boundBlock),
    next: reply.next.map((suggestion) => ({ ...suggestion, label: bound(suggestion.label) })),
  };
}
