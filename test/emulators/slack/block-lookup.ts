import { isObject, type JsonObject, objectsOf, textOf } from './json.ts';
import type { Message, View } from './workspace.ts';

/** An element that a person can use, and the block it stands in. */
export interface FoundElement {
  readonly blockId: string;
  readonly block: JsonObject;
  readonly element: JsonObject;
  readonly actionId: string;
}

export function blocksOf(target: Message | View): readonly JsonObject[] {
  return objectsOf('ts' in target ? target.blocks : target.definition['blocks']);
}

export function elementsOf(target: Message | View): readonly FoundElement[] {
  return blocksOf(target).flatMap((block) => {
    const elements = [
      ...(block['type'] === 'actions' ? objectsOf(block['elements']) : []),
      ...[block['accessory'], block['element']].filter(isObject),
    ];
    return elements.map((element) => ({
      blockId: String(block['block_id']),
      block,
      element,
      actionId: String(element['action_id']),
    }));
  });
}

/** By action id or by what is written on it. @throws Error that lists what is there. */
export function findElement(target: Message | View, actionIdOrLabel: string): FoundElement {
  const elements = elementsOf(target);
  const found = elements.find(
    (candidate) => candidate.actionId === actionIdOrLabel || labelOf(candidate.element) === actionIdOrLabel,
  );
  if (found !== undefined) return found;
  const known = elements.map(({ actionId, element }) => `${actionId} (${labelOf(element) ?? element['type']})`);
  throw new Error(`Nothing here is called ${actionIdOrLabel}; there is: ${known.join(', ')}`);
}

function labelOf(element: JsonObject): string | null {
  return isObject(element['text']) ? textOf(element['text']['text']) : null;
}

/** The options of a static select, groups flattened. */
export function optionsOf(element: JsonObject): readonly JsonObject[] {
  return [
    ...objectsOf(element['options']),
    ...objectsOf(element['option_groups']).flatMap((group) => objectsOf(group['options'])),
  ];
}

/** By value or by text. @throws Error that lists what is offered. */
export function findOption(options: readonly JsonObject[], valueOrText: string): JsonObject {
  const found = options.find((option) => option['value'] === valueOrText || labelOf(option) === valueOrText);
  if (found !== undefined) return found;
  throw new Error(`No option ${valueOrText}; offered: ${options.map((option) => option['value']).join(', ')}`);
}
