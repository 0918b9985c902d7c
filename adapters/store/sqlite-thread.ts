import { Worker } from 'node:worker_threads';
import { SqliteError } from './sqlite-error.ts';
import type {
  SqliteRequest,
  SqliteResponse,
  SqliteResult,
  SqliteThreadOptions,
  SqliteValue,
} from './sqlite-messages.ts';

interface Waiting {
  readonly resolve: (result: SqliteResult) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One SQLite connection in a thread of its own, because a commit blocks its thread for hundreds of milliseconds. Answers
 * come in the order of the requests. Once the thread has died every request fails with SqliteError.
 */
export class SqliteThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #ended: Error | null = null;

  constructor(script: URL = new URL('./sqlite-worker.ts', import.meta.url)) {
    this.#worker = new Worker(script, { name: 'sqlite' });
    this.#worker.on('message', (response: SqliteResponse) => this.#answer(response));
    this.#worker.on('error', (cause) =>
      this.#end(`the database thread died: ${cause instanceof Error ? cause.message : cause}`),
    );
    this.#worker.on('exit', () => this.#end('the database thread has ended'));
  }

  /** Opens the connection and closes the thread again where that fails. */
  static async open(options: SqliteThreadOptions): Promise<SqliteThread> {
    const thread = new SqliteThread();
    try {
      await thread.#ask({ kind: 'open', options });
      return thread;
    } catch (error) {
      await thread.terminate();
      throw error;
    }
  }

  query(sql: string, parameters: readonly SqliteValue[] = []): Promise<SqliteResult> {
    return this.#ask({ kind: 'query', sql, parameters });
  }

  async rollback(): Promise<void> {
    await this.#ask({ kind: 'rollback' });
  }

  /** After everything asked before; a thread that is gone already is as good as closed. */
  async close(): Promise<void> {
    if (this.#ended === null) await this.#ask({ kind: 'close' });
    await this.terminate();
  }

  /** Ends the thread without waiting for what was asked. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask(request: SqliteRequest): Promise<SqliteResult> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request });
    });
  }

  #answer(response: SqliteResponse): void {
    const waiting = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if ('result' in response) waiting?.resolve(response.result);
    else waiting?.reject(new SqliteError(response.error.message, response.error.code));
  }

  #end(message: string): void {
    this.#ended ??= new SqliteError(message, null);
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
