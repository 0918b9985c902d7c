import { isObject, type JsonObject } from './json.ts';

/** What Slack finds wrong with a block: its words and the JSON pointer it adds to them. */
export interface BlockFault {
  readonly message: string;
  readonly pointer: string;
}

export interface TextRule {
  readonly longest: number;
  readonly plain?: boolean;
}

/** Collects faults in the words of the real service. Lengths are UTF-16 units, the strictest reading of "characters". */
export class BlockFaults {
  readonly found: BlockFault[] = [];

  report(message: string, pointer: string): void {
    this.found.push({ message, pointer });
  }

  length(value: unknown, longest: number, pointer: string): void {
    if (typeof value === 'string' && value.length > longest) {
      this.report(`must be less than ${longest + 1} characters`, pointer);
    }
  }

  required(of: JsonObject, field: string, pointer: string): boolean {
    if (of[field] !== undefined && of[field] !== null) return true;
    this.report(`missing required field: ${field}`, pointer);
    return false;
  }

  count(items: unknown, most: number, pointer: string): readonly unknown[] {
    if (!Array.isArray(items)) {
      this.report('must be an array', pointer);
      return [];
    }
    if (items.length > most) this.report(`no more than ${most} items allowed`, pointer);
    if (items.length === 0) this.report('no fewer than 1 items allowed', pointer);
    return items;
  }

  /** A text object: `{ type: 'plain_text' | 'mrkdwn', text }`. */
  textObject(value: unknown, rule: TextRule, pointer: string): void {
    if (!isObject(value)) {
      this.report('must be an object', pointer);
      return;
    }
    const types = rule.plain === true ? ['plain_text'] : ['plain_text', 'mrkdwn'];
    if (!types.includes(String(value['type']))) this.report(`unsupported type: ${String(value['type'])}`, pointer);
    if (!this.required(value, 'text', pointer)) return;
    if (value['text'] === '') this.report('must be more than 0 characters', `${pointer}/text`);
    this.length(value['text'], rule.longest, `${pointer}/text`);
  }

  optionalText(of: JsonObject, field: string, rule: TextRule, pointer: string): void {
    if (of[field] !== undefined) this.textObject(of[field], rule, `${pointer}/${field}`);
  }

  requiredText(of: JsonObject, field: string, rule: TextRule, pointer: string): void {
    if (this.required(of, field, pointer)) this.textObject(of[field], rule, `${pointer}/${field}`);
  }
}
