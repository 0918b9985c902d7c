import type { z } from 'zod';

/** One wrong place of a body, as Discord lists them. */
export interface FormError {
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
}

/** An answer by which Discord refuses a request. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: readonly FormError[];

  constructor(status: number, code: number, message: string, errors: readonly FormError[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  body(): object {
    const shared = { message: this.message, code: this.code };
    return this.errors.length === 0 ? shared : { ...shared, errors: nest(this.errors) };
  }
}

export const unauthorized = () => new Refusal(401, 0, '401: Unauthorized');
export const notFound = () => new Refusal(404, 0, '404: Not Found');
export const unknownChannel = () => new Refusal(404, 10003, 'Unknown Channel');
export const unknownGuild = () => new Refusal(404, 10004, 'Unknown Guild');
export const unknownMember = () => new Refusal(404, 10007, 'Unknown Member');
export const unknownMessage = () => new Refusal(404, 10008, 'Unknown Message');
export const unknownUser = () => new Refusal(404, 10013, 'Unknown User');
export const unknownWebhook = () => new Refusal(404, 10015, 'Unknown Webhook');
export const unknownInteraction = () => new Refusal(404, 10062, 'Unknown interaction');
export const unknownCommand = () => new Refusal(404, 10063, 'Unknown application command');
export const alreadyAcknowledged = () => new Refusal(400, 40060, 'Interaction has already been acknowledged.');
export const tooLarge = () => new Refusal(413, 40005, 'Request entity too large');
export const missingAccess = () => new Refusal(403, 50001, 'Missing Access');
export const notTheAuthor = () => new Refusal(403, 50005, 'Cannot edit a message authored by another user');
export const emptyMessage = () => new Refusal(400, 50006, 'Cannot send an empty message');
export const cannotMessageUser = () => new Refusal(403, 50007, 'Cannot send messages to this user');
export const missingPermissions = () => new Refusal(403, 50013, 'Missing Permissions');
export const expiredWebhookToken = () => new Refusal(401, 50027, 'Invalid Webhook Token');
export const invalidJson = () => new Refusal(400, 50109, 'The request body contains invalid JSON.');
export const invalidForm = (errors: readonly FormError[]) => new Refusal(400, 50035, 'Invalid Form Body', errors);

/** Refuses a body for its errors; nothing where there are none. */
export function refuseErrors(errors: readonly FormError[], below: readonly (string | number)[] = []): void {
  if (errors.length === 0) return;
  throw invalidForm(errors.map((error) => ({ ...error, path: [...below, ...error.path] })));
}

/** Reads a body by its shape. @throws Refusal naming what does not fit. */
export function readForm<Shape>(shape: z.ZodType<Shape>, body: unknown, below: readonly string[] = []): Shape {
  const read = shape.safeParse(body ?? {});
  if (read.success) return read.data;
  throw invalidForm(
    read.error.issues.map(({ path, message }) => ({
      path: [...below, ...path.map((part) => (typeof part === 'symbol' ? String(part) : part))],
      code: 'BASE_TYPE_BAD_TYPE',
      message,
    })),
  );
}

interface Nested {
  [key: string]: Nested | { code: string; message: string }[];
}

/** `{embeds: {0: {title: {_errors: [{code, message}]}}}}`. */
function nest(errors: readonly FormError[]): Nested {
  const root: Nested = {};
  for (const { path, code, message } of errors) {
    let at = root;
    for (const part of path) {
      const next = at[part];
      if (next === undefined || Array.isArray(next)) {
        const made: Nested = {};
        at[part] = made;
        at = made;
      } else {
        at = next;
      }
    }
    const listed = at['_errors'];
    if (Array.isArray(listed)) listed.push({ code, message });
    else at['_errors'] = [{ code, message }];
  }
  return root;
}
