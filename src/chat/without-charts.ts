import type { Reply, ReplyBlock } from './reply.ts';

/** The reply where no picture can be shown: each chart says in words what it would show. */
export function withoutCharts(reply: Reply): Reply {
  return { ...reply, blocks: wordsOf(reply.blocks, 0) };
}

/** The blocks with at most that many charts; those after them are said in words. */
export function wordsOf(blocks: readonly ReplyBlock[], pictures: number): readonly ReplyBlock[] {
  let charts = 0;
  return blocks.map((block) => {
    if (block.kind !== 'chart') return block;
    charts += 1;
    return charts <= pictures ? block : { kind: 'text', text: `${block.title}\n${block.alt}` };
  });
}
