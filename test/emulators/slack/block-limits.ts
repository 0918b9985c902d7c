import { type BlockFault, BlockFaults } from './block-fault.ts';
import { checkActionIds, checkElement, checkImage } from './element-limits.ts';
import { isObject, type JsonObject, objectsOf } from './json.ts';

/**
 * Limits of Block Kit's blocks (docs.slack.dev/reference/block-kit/blocks). Two are not documented there: that action rows
 * end at 25 elements comes with the error's own words, and the sum over all blocks from slackapi/bolt-js#2509.
 */
const blocksOn = { message: 50, modal: 100, home: 100 } satisfies Record<Surface, number>;
const blockIdLength = 255;
const headerLength = 150;
const sectionTextLength = 3_000;
const sectionFields = 10;
const fieldLength = 2_000;
const actionElements = 25;
const contextElements = 10;
const inputLabelLength = 2_000;
const imageTitleLength = 2_000;
const markdownLength = 12_000;
const tableRows = 100;
const tableCells = 20;
const tableCharacters = 10_000;

const allBlocksLength = 13_200;

export type Surface = 'message' | 'modal' | 'home';

type BlockCheck = (block: JsonObject, pointer: string, faults: BlockFaults) => void;

const checks: Readonly<Record<string, BlockCheck>> = {
  section: checkSection,
  divider: () => undefined,
  header: (block, pointer, faults) =>
    faults.requiredText(block, 'text', { longest: headerLength, plain: true }, pointer),
  context: checkContext,
  actions: (block, pointer, faults) => {
    const elements = faults.count(block['elements'], actionElements, `${pointer}/elements`);
    elements.forEach((element, index) => {
      checkElement(element, 'actions', `${pointer}/elements/${index}`, faults);
    });
    checkActionIds(elements, `${pointer}/elements`, faults);
  },
  image: (block, pointer, faults) => {
    checkImage(block, pointer, faults);
    faults.optionalText(block, 'title', { longest: imageTitleLength, plain: true }, pointer);
  },
  input: (block, pointer, faults) => {
    faults.requiredText(block, 'label', { longest: inputLabelLength, plain: true }, pointer);
    faults.optionalText(block, 'hint', { longest: inputLabelLength, plain: true }, pointer);
    if (faults.required(block, 'element', pointer)) {
      checkElement(block['element'], 'input', `${pointer}/element`, faults);
    }
  },
  markdown: (block, pointer, faults) => {
    if (faults.required(block, 'text', pointer)) faults.length(block['text'], markdownLength, `${pointer}/text`);
  },
  rich_text: (block, pointer, faults) => {
    if (!Array.isArray(block['elements'])) faults.report('missing required field: elements', pointer);
  },
  table: checkTable,
};

/** What the real service would refuse in the blocks of a surface, in its words; empty where it accepts them. */
export function blockFaults(blocks: unknown, surface: Surface, root = '/blocks'): readonly BlockFault[] {
  const faults = new BlockFaults();
  if (!Array.isArray(blocks)) {
    faults.report('must be an array', root);
    return faults.found;
  }
  if (blocks.length > blocksOn[surface]) faults.report(`no more than ${blocksOn[surface]} items allowed`, root);
  blocks.forEach((block, index) => {
    checkBlock(block, `${root}/${index}`, faults);
  });
  checkBlockIds(blocks, root, faults);
  if (objectsOf(blocks).filter((block) => block['type'] === 'table').length > 1) {
    faults.report('only_one_table_allowed', root);
  }
  return faults.found;
}

/**
 * Whether a posted message's blocks are too long together. Slack documents nothing; what was measured there counts the
 * blocks' containers too, so their JSON is taken, without tables: a table of the documented size could not exist else.
 */
export function blocksAreTooLong(blocks: readonly unknown[]): boolean {
  const counted = blocks.filter((block) => !isObject(block) || block['type'] !== 'table');
  return JSON.stringify(counted).length > allBlocksLength;
}

function checkBlock(block: unknown, pointer: string, faults: BlockFaults): void {
  if (!isObject(block)) {
    faults.report('must be an object', pointer);
    return;
  }
  const check = checks[String(block['type'])];
  if (check === undefined) {
    faults.report(`unsupported type: ${String(block['type'])}`, pointer);
    return;
  }
  faults.length(block['block_id'], blockIdLength, `${pointer}/block_id`);
  check(block, pointer, faults);
}

function checkBlockIds(blocks: readonly unknown[], root: string, faults: BlockFaults): void {
  const seen = new Set<string>();
  objectsOf(blocks).forEach((block, index) => {
    const blockId = block['block_id'];
    if (typeof blockId !== 'string') return;
    if (seen.has(blockId)) faults.report(`\`block_id\` "${blockId}" already exists`, `${root}/${index}/block_id`);
    seen.add(blockId);
  });
}

function checkSection(block: JsonObject, pointer: string, faults: BlockFaults): void {
  if (block['text'] === undefined && block['fields'] === undefined) {
    faults.report('missing required field: text or fields', pointer);
  }
  faults.optionalText(block, 'text', { longest: sectionTextLength }, pointer);
  if (block['fields'] !== undefined) {
    faults.count(block['fields'], sectionFields, `${pointer}/fields`).forEach((field, index) => {
      faults.textObject(field, { longest: fieldLength }, `${pointer}/fields/${index}`);
    });
  }
  if (block['accessory'] !== undefined) checkElement(block['accessory'], 'section', `${pointer}/accessory`, faults);
}

function checkContext(block: JsonObject, pointer: string, faults: BlockFaults): void {
  faults.count(block['elements'], contextElements, `${pointer}/elements`).forEach((element, index) => {
    const at = `${pointer}/elements/${index}`;
    if (isObject(element) && element['type'] === 'image') checkImage(element, at, faults);
    else faults.textObject(element, { longest: sectionTextLength }, at);
  });
}

function checkTable(block: JsonObject, pointer: string, faults: BlockFaults): void {
  const rows = faults.count(block['rows'], tableRows, `${pointer}/rows`);
  let characters = 0;
  rows.forEach((row, index) => {
    for (const cell of faults.count(row, tableCells, `${pointer}/rows/${index}`)) {
      if (!isObject(cell) || !['raw_text', 'raw_number', 'rich_text'].includes(String(cell['type']))) {
        faults.report('unsupported type of cell', `${pointer}/rows/${index}`);
        continue;
      }
      characters += cell['type'] === 'rich_text' ? JSON.stringify(cell).length : String(cell['text'] ?? '').length;
      if (cell['type'] === 'raw_text' && cell['text'] === '') {
        faults.report('must be more than 0 characters', `${pointer}/rows/${index}`);
      }
    }
  });
  if (characters > tableCharacters)
    faults.report(`must be less than ${tableCharacters + 1} characters`, `${pointer}/rows`);
  if (block['column_settings'] !== undefined) {
    faults.count(block['column_settings'], tableCells, `${pointer}/column_settings`);
  }
}
