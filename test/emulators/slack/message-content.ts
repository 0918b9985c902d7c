import { blockFaults, blocksAreTooLong } from './block-limits.ts';
import { isObject, type JsonObject, objectsOf } from './json.ts';
import type { EmulatorLog } from './log.ts';
import { type Arguments, Refusal, refuseFaults } from './web-api/method.ts';

/** Above it Slack cuts the text off; the emulator refuses, since a cut answer is a wrong answer. */
const textLength = 40_000;
const metadataBytes = 16_000;

export interface MessageContent {
  readonly text: string;
  /** Null where the request named none. */
  readonly blocks: readonly JsonObject[] | null;
}

/**
 * The text and blocks of a request, as Slack takes them.
 * The sum over all blocks is held where messages are posted; a response_url takes longer ones (slackapi/bolt-js#2867).
 *
 * @throws Refusal no_text, msg_too_long, invalid_blocks_format, invalid_blocks, msg_blocks_too_long
 */
export function messageContent(args: Arguments, log: EmulatorLog, sumIsHeld: boolean): MessageContent {
  const text = args.text('text') ?? '';
  const blocks = readBlocks(args);
  if (text === '' && (blocks === null || blocks.length === 0)) throw new Refusal('no_text');
  if (text.length > textLength) throw new Refusal('msg_too_long');
  if (blocks === null) return { text, blocks };
  refuseFaults('invalid_blocks', blockFaults(blocks, 'message'));
  if (sumIsHeld && blocksAreTooLong(blocks)) throw new Refusal('msg_blocks_too_long');
  if (text === '' && blocks.length > 0) {
    log.violation('missing text', 'blocks without a text: notifications and screen readers have nothing to say');
  }
  return { text, blocks: objectsOf(blocks) };
}

function readBlocks(args: Arguments): readonly unknown[] | null {
  if (!args.has('blocks')) return null;
  const blocks = args.json('blocks');
  if (!Array.isArray(blocks)) throw new Refusal('invalid_blocks_format');
  return blocks;
}

/** @throws Refusal invalid_metadata_format, metadata_too_large */
export function messageMetadata(args: Arguments): JsonObject | null {
  if (!args.has('metadata')) return null;
  const metadata = args.object('metadata');
  if (metadata === null) throw new Refusal('invalid_metadata_format');
  const isEmpty = Object.keys(metadata).length === 0;
  if (!isEmpty && (typeof metadata['event_type'] !== 'string' || !isObject(metadata['event_payload']))) {
    throw new Refusal('invalid_metadata_format');
  }
  if (Buffer.byteLength(JSON.stringify(metadata)) > metadataBytes) throw new Refusal('metadata_too_large');
  return metadata;
}
