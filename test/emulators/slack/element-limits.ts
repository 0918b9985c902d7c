import type { BlockFaults } from './block-fault.ts';
import { isObject, type JsonObject, objectsOf } from './json.ts';

/** Limits of Block Kit's elements (docs.slack.dev/reference/block-kit/block-elements and composition-objects). */
const buttonTextLength = 75;
const buttonValueLength = 2_000;
const buttonUrlLength = 3_000;
const actionIdLength = 255;
const optionTextLength = 75;
const optionValueLength = 150;
const selectOptions = 100;
const overflowOptions = 5;
const choiceOptions = 10;
const placeholderLength = 150;
const imageUrlLength = 3_000;
const altTextLength = 2_000;

type ElementCheck = (element: JsonObject, pointer: string, faults: BlockFaults) => void;

const checks: Readonly<Record<string, ElementCheck>> = {
  button: (element, pointer, faults) => {
    faults.requiredText(element, 'text', { longest: buttonTextLength, plain: true }, pointer);
    faults.length(element['value'], buttonValueLength, `${pointer}/value`);
    faults.length(element['url'], buttonUrlLength, `${pointer}/url`);
    if (element['style'] !== undefined && element['style'] !== 'primary' && element['style'] !== 'danger') {
      faults.report('must be one of the allowed values: primary, danger', `${pointer}/style`);
    }
    if (isObject(element['confirm'])) checkConfirm(element['confirm'], `${pointer}/confirm`, faults);
  },
  image: (element, pointer, faults) => checkImage(element, pointer, faults),
  static_select: checkSelect,
  multi_static_select: checkSelect,
  external_select: checkPlaceholder,
  multi_external_select: checkPlaceholder,
  users_select: checkPlaceholder,
  conversations_select: checkPlaceholder,
  channels_select: checkPlaceholder,
  overflow: (element, pointer, faults) =>
    checkOptions(element['options'], overflowOptions, `${pointer}/options`, faults),
  checkboxes: (element, pointer, faults) =>
    checkOptions(element['options'], choiceOptions, `${pointer}/options`, faults),
  radio_buttons: (element, pointer, faults) =>
    checkOptions(element['options'], choiceOptions, `${pointer}/options`, faults),
  plain_text_input: checkPlaceholder,
  number_input: checkPlaceholder,
  email_text_input: checkPlaceholder,
  url_text_input: checkPlaceholder,
  datepicker: checkPlaceholder,
  timepicker: checkPlaceholder,
  datetimepicker: () => undefined,
};

const inputs = ['plain_text_input', 'number_input', 'email_text_input', 'url_text_input'];
const notInput = ['button', 'image', 'overflow'];

/** Which elements stand where. */
export const elementTypes = {
  actions: Object.keys(checks).filter((type) => type !== 'image' && !inputs.includes(type)),
  section: Object.keys(checks).filter((type) => !inputs.includes(type)),
  input: Object.keys(checks).filter((type) => !notInput.includes(type)),
} satisfies Record<string, readonly string[]>;

export function checkElement(
  element: unknown,
  place: keyof typeof elementTypes,
  pointer: string,
  faults: BlockFaults,
): void {
  if (!isObject(element)) {
    faults.report('must be an object', pointer);
    return;
  }
  const type = String(element['type']);
  const check = checks[type];
  if (check === undefined || !elementTypes[place].includes(type)) {
    faults.report(`unsupported type: ${type}`, pointer);
    return;
  }
  faults.length(element['action_id'], actionIdLength, `${pointer}/action_id`);
  check(element, pointer, faults);
}

/** Action ids are unique within their block. */
export function checkActionIds(elements: readonly unknown[], pointer: string, faults: BlockFaults): void {
  const seen = new Set<string>();
  objectsOf(elements).forEach((element, index) => {
    const actionId = element['action_id'];
    if (typeof actionId !== 'string') return;
    if (seen.has(actionId)) {
      faults.report(`\`action_id\` "${actionId}" already exists`, `${pointer}/${index}/action_id`);
    }
    seen.add(actionId);
  });
}

/** Faults of the options a bot offers, also in its answer to a block_suggestion. */
export function checkOptions(options: unknown, most: number, pointer: string, faults: BlockFaults): void {
  faults.count(options, most, pointer).forEach((option, index) => {
    const at = `${pointer}/${index}`;
    if (!isObject(option)) {
      faults.report('must be an object', at);
      return;
    }
    faults.requiredText(option, 'text', { longest: optionTextLength }, at);
    faults.optionalText(option, 'description', { longest: optionTextLength }, at);
    if (faults.required(option, 'value', at)) faults.length(option['value'], optionValueLength, `${at}/value`);
  });
}

export function checkOptionGroups(groups: unknown, pointer: string, faults: BlockFaults): void {
  faults.count(groups, selectOptions, pointer).forEach((group, index) => {
    if (!isObject(group)) return;
    faults.requiredText(group, 'label', { longest: optionTextLength, plain: true }, `${pointer}/${index}`);
    checkOptions(group['options'], selectOptions, `${pointer}/${index}/options`, faults);
  });
}

export function checkImage(element: JsonObject, pointer: string, faults: BlockFaults): void {
  if (element['slack_file'] === undefined && faults.required(element, 'image_url', pointer)) {
    faults.length(element['image_url'], imageUrlLength, `${pointer}/image_url`);
  }
  if (faults.required(element, 'alt_text', pointer)) {
    faults.length(element['alt_text'], altTextLength, `${pointer}/alt_text`);
  }
}

function checkPlaceholder(element: JsonObject, pointer: string, faults: BlockFaults): void {
  faults.optionalText(element, 'placeholder', { longest: placeholderLength, plain: true }, pointer);
}

function checkSelect(element: JsonObject, pointer: string, faults: BlockFaults): void {
  checkPlaceholder(element, pointer, faults);
  if (element['option_groups'] !== undefined) {
    checkOptionGroups(element['option_groups'], `${pointer}/option_groups`, faults);
    return;
  }
  if (faults.required(element, 'options', pointer)) {
    checkOptions(element['options'], selectOptions, `${pointer}/options`, faults);
  }
}

function checkConfirm(confirm: JsonObject, pointer: string, faults: BlockFaults): void {
  faults.requiredText(confirm, 'title', { longest: 100, plain: true }, pointer);
  faults.requiredText(confirm, 'text', { longest: 300 }, pointer);
  faults.requiredText(confirm, 'confirm', { longest: 30, plain: true }, pointer);
  faults.requiredText(confirm, 'deny', { longest: 30, plain: true }, pointer);
}
