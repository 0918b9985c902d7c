/**
 * What Slack refuses to take more of, in UTF-16 units where it counts characters. From the descriptions of @slack/types
 * 3.2.0 and excerpts of https://docs.slack.dev/reference/block-kit/ (2026-11-23).
 */
export const SLACK = {
  /** Blocks: 50 in a message, 100 in a modal. */
  blocks: 50,
  viewBlocks: 100,
  /**
   * Over all blocks: undocumented. Slack speaks of "12,000 text characters with a buffer for block containers"
   * (slackapi/bolt-js#2509, 2025-04), and 11,341 were seen refused (slackapi/bolt-js#2867, 2026-04): stay well below.
   */
  blocksTotal: 9_500,
  /** chat.postMessage, `text`: 4,000 are advised, more than 40,000 are cut. */
  text: 3_000,
  /** Header block, `text`. */
  header: 150,
  /** Section block, `text`; kept for every text object and for the texts of rich_text, which name no limit. */
  blockText: 3_000,
  /** Actions block, `elements`; five are a row on a telephone. */
  actionElements: 25,
  /** Button: `text`, `value`. */
  buttonText: 75,
  buttonValue: 2_000,
  /** Any element, `action_id`; any block, `block_id`. */
  id: 255,
  /** Static select: `options`, their `text` and `value`, `placeholder`. */
  selectOptions: 100,
  optionText: 75,
  optionValue: 150,
  selectPlaceholder: 150,
  /** Image block: `alt_text`, `title`. */
  imageText: 2_000,
  /** View: `title`, `submit`, `close`; `private_metadata`. */
  viewTitle: 24,
  viewMetadata: 3_000,
  /** Input block, `label` and `hint`. */
  inputText: 2_000,
  /** Plain-text input, `placeholder`. */
  inputPlaceholder: 150,
  /** How many files come along with a message and how large they may be together; Slack itself takes 1 GB each. */
  files: 10,
  fileBytes: 8 * 1024 * 1024,
} as const;
