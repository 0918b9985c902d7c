import { type BlockFault, BlockFaults } from './block-fault.ts';
import { blockFaults } from './block-limits.ts';
import { isObject, objectsOf } from './json.ts';

/** Limits of a view (docs.slack.dev/reference/views/modal-views and home-tab-views). */
const titleLength = 24;
const privateMetadataLength = 3_000;
const idLength = 255;
const viewBytes = 250_000;

export function viewIsTooLarge(view: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(view) ?? '') > viewBytes;
}

/** What the real service would refuse in a view, in its words; empty where it accepts it. */
export function viewFaults(view: unknown, type: 'modal' | 'home'): readonly BlockFault[] {
  const faults = new BlockFaults();
  if (!isObject(view)) {
    faults.report('must be an object', '/view');
    return faults.found;
  }
  if (view['type'] !== type) faults.report(`unsupported type: ${String(view['type'])}`, '/view/type');
  faults.length(view['private_metadata'], privateMetadataLength, '/view/private_metadata');
  faults.length(view['callback_id'], idLength, '/view/callback_id');
  faults.length(view['external_id'], idLength, '/view/external_id');
  if (type === 'modal') {
    faults.requiredText(view, 'title', { longest: titleLength, plain: true }, '/view');
    faults.optionalText(view, 'submit', { longest: titleLength, plain: true }, '/view');
    faults.optionalText(view, 'close', { longest: titleLength, plain: true }, '/view');
    const asks = objectsOf(view['blocks']).some((block) => block['type'] === 'input');
    if (asks) faults.required(view, 'submit', '/view');
  }
  return [...faults.found, ...blockFaults(view['blocks'], type, '/view/blocks')];
}
