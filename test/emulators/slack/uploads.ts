import { uploadedBytes } from './http-body.ts';
import type { Outcome } from './outcome.ts';
import type { SlackState } from './state.ts';

/** The bytes of a file, to the address that files.getUploadURLExternal gave. */
export async function takeUpload(
  state: SlackState,
  ticket: string,
  raw: Buffer,
  contentType: string,
): Promise<Outcome> {
  const file = [...state.files.values()].find((candidate) => candidate.uploadTicket === ticket);
  if (file === undefined) return refused(404, 'no such upload');
  if (file.isComplete) return refused(400, 'the upload was completed before');
  const content = await uploadedBytes(raw, contentType);
  if (content.length !== file.expectedBytes) {
    return refused(400, `${content.length} bytes came, ${file.expectedBytes} were announced`);
  }
  file.content = content;
  return { status: 200, answer: `OK - ${content.length}`, refused: null };
}

function refused(status: number, why: string): Outcome {
  return { status, answer: why, refused: why };
}
