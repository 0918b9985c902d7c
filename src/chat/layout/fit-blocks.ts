import type { ReplyBlock } from '../reply.ts';
import { shareRoom } from './share-room.ts';

/** A block as a platform shows it. */
export interface Fitted<Part> {
  readonly parts: readonly Part[];
  /** In the platform's own measure; at most the room that was given, where that was not too small for anything. */
  readonly size: number;
  /** Something was left out; the parts say how much and that all of it is in the block's file. */
  readonly cut: boolean;
  /** A title or a text was shortened to `…`; all of it is in the file of the whole answer. */
  readonly clipped: boolean;
}

/** Shows a block within a room; `file` is where all of it can be seen. */
export type FitBlock<Part> = (block: ReplyBlock, room: number, file: string) => Fitted<Part>;

export interface FittedBlocks<Part> {
  readonly fitted: readonly Fitted<Part>[];
  readonly cut: readonly ReplyBlock[];
  readonly clipped: boolean;
  /** How many blocks stand nowhere. */
  readonly left: number;
}

export interface Room {
  readonly total: number;
  /** Less than this shows nothing of use of a block that needs more. */
  readonly smallest: number;
}

/** Blocks in one room: small ones stand whole, large ones are cut evenly, and the last ones go where even that is too much. */
export function fitBlocks<Part>(
  blocks: readonly ReplyBlock[],
  { total, smallest }: Room,
  show: FitBlock<Part>,
  fileOf: (block: ReplyBlock) => string,
): FittedBlocks<Part> {
  const whole = blocks.map((block) => show(block, total, fileOf(block)));
  // Cut even in all the room: it needs more than there is.
  const needs = whole.map(({ size, cut }) => (cut ? total : size));
  let count = blocks.length;
  let shares = shareRoom(needs, total);
  while (count > 1 && shares.some((share, index) => share < (needs[index] ?? 0) && share < smallest)) {
    count -= 1;
    shares = shareRoom(needs.slice(0, count), total);
  }
  const shown = blocks.slice(0, count);
  const fitted = shown.map((block, index) => {
    const share = shares[index] ?? 0;
    const all = whole[index];
    return all !== undefined && all.size <= share ? all : show(block, share, fileOf(block));
  });
  return {
    fitted,
    cut: shown.filter((_, index) => fitted[index]?.cut === true),
    clipped: fitted.some(({ clipped }) => clipped),
    left: blocks.length - count,
  };
}
