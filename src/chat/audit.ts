/** Who changed what; `result` is null while it runs, and stays null where the process died meanwhile. */
export interface AuditEntry {
  readonly id: string;
  /** Unix ms. */
  readonly atMs: number;
  readonly platform: string;
  readonly channel: string;
  readonly userId: string;
  readonly userName: string;
  readonly command: string;
  /** The whole line, as it was typed or clicked. */
  readonly text: string;
  readonly result: AuditResult | null;
  /** What was answered, or why not, in a sentence. */
  readonly detail: string | null;
}

/** `denied`: the asker had not the role. */
export type AuditResult = 'done' | 'denied' | 'failed';

/** Where changes are written down: before they are made, and again when it is known how they went. */
export interface AuditTrail {
  begin(entry: Omit<AuditEntry, 'result' | 'detail'>): Promise<void>;
  end(id: string, result: AuditResult, detail: string): Promise<void>;
}
