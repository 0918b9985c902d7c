import { z } from 'zod';

export const auditFacts = z.object({
  filter: z.object({ user: z.string().nullable(), command: z.string().nullable(), before: z.string().nullable() }),
  page: z.number(),
  /** Whether there are older ones after this page. */
  hasMore: z.boolean(),
  changes: z.array(
    z.object({
      at: z.string(),
      platform: z.string(),
      channel: z.string(),
      user: z.object({ id: z.string(), name: z.string() }),
      command: z.string(),
      text: z.string(),
      /** Null: it still runs, or the process died while it ran. */
      result: z.enum(['done', 'denied', 'failed']).nullable(),
      detail: z.string().nullable(),
    }),
  ),
});

export type AuditFacts = z.infer<typeof auditFacts>;
