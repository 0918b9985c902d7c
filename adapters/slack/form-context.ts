import { z } from 'zod';
import { SLACK } from './limits.ts';

/** What a form keeps of the button that opened it, so that its answer comes where that was pressed. */
const formContext = z.object({
  command: z.string(),
  channel: z.string().nullable(),
  thread: z.string().nullable(),
  isDirect: z.boolean(),
  isPrivate: z.boolean(),
  responseUrl: z.string().nullable(),
});

export type FormContext = z.infer<typeof formContext>;

/** For a view's private_metadata, within Slack's limit. */
export function encodeFormContext(context: FormContext): string {
  const text = JSON.stringify(context);
  return text.length <= SLACK.viewMetadata ? text : JSON.stringify({ ...context, responseUrl: null });
}

/** Null for what this program never wrote. */
export function decodeFormContext(text: string): FormContext | null {
  try {
    return formContext.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
