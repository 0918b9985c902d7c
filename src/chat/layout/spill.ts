import type { Say } from '../languages/say.ts';
import type { Reply, ReplyBlock, ReplyFile } from '../reply.ts';
import { plainText } from './plain-text.ts';
import { tableCsv } from './table-csv.ts';

/** Tables that get a file of their own; those after them are in the whole answer. */
const MOST_TABLES = 3;
const WIDEST_TABLE = 200;
/** The reply's own files that are described; the platforms list the names of all. */
const MOST_DESCRIBED = 4;

export interface FileLimits {
  readonly files: number;
  /** Of all of them together. */
  readonly bytes: number;
}

/** Where what does not fit into a message can be seen: files that come along with it. */
export class Spill {
  readonly #reply: Reply;
  readonly #say: Say;
  readonly #names: ReadonlyMap<ReplyBlock, string>;
  /** Of the file that holds the whole answer. */
  readonly whole: string;

  constructor(reply: Reply, say: Say) {
    this.#reply = reply;
    this.#say = say;
    const taken = new Set(reply.files?.map(({ name }) => name));
    this.whole = freeName('answer', 'txt', taken);
    const tables = reply.blocks.filter((block) => block.kind === 'table').slice(0, MOST_TABLES);
    this.#names = new Map(tables.map((table) => [table, freeName('table', 'csv', taken)]));
  }

  /** The file that holds all of a block. */
  fileOf(block: ReplyBlock): string {
    return this.#names.get(block) ?? this.whole;
  }

  /** What the reply's own files hold: `rigs.csv: all rigs`. */
  ownFiles(): readonly string[] {
    return (this.#reply.files ?? []).slice(0, MOST_DESCRIBED).map(({ name, description }) => `${name}: ${description}`);
  }

  /**
   * The files of a message: those of what was cut, then the reply's own, as many and as large as the platform takes.
   * `refused` are the names of those that it does not take.
   */
  files(
    cut: readonly ReplyBlock[],
    wholeNeeded: boolean,
    limits: FileLimits,
  ): { readonly files: readonly ReplyFile[]; readonly refused: readonly string[] } {
    const tables = cut.flatMap((block) => this.#tableFile(block));
    const needsWhole = wholeNeeded || cut.some((block) => !this.#names.has(block));
    const all = [...(needsWhole ? [this.#wholeFile()] : []), ...tables, ...(this.#reply.files ?? [])];
    let room = limits.bytes;
    const files = all.filter(({ text }) => {
      const size = Buffer.byteLength(text);
      if (size > room) return false;
      room -= size;
      return true;
    });
    files.splice(limits.files);
    return { files, refused: all.filter((file) => !files.includes(file)).map(({ name }) => name) };
  }

  #tableFile(block: ReplyBlock): readonly ReplyFile[] {
    const name = this.#names.get(block);
    if (block.kind !== 'table' || name === undefined) return [];
    return [{ name, mediaType: 'text/csv', text: tableCsv(block), description: this.#say('the whole table') }];
  }

  #wholeFile(): ReplyFile {
    const styled = (_: unknown, line: string): string => line;
    const paper = { width: Number.POSITIVE_INFINITY, widestTable: WIDEST_TABLE, styled, say: this.#say };
    const text = `${plainText({ ...this.#reply, files: [] }, paper)}\n`;
    return { name: this.whole, mediaType: 'text/plain', text, description: this.#say('the whole answer') };
  }
}

function freeName(stem: string, extension: string, taken: Set<string>): string {
  let name = `${stem}.${extension}`;
  for (let count = 2; taken.has(name); count += 1) name = `${stem}-${count}.${extension}`;
  taken.add(name);
  return name;
}
