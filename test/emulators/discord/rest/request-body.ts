import type { Upload } from '../attachments.ts';
import { invalidForm, invalidJson } from '../refusal.ts';

export interface RequestBody {
  /** Undefined where there was none. */
  readonly json: unknown;
  readonly uploads: readonly Upload[];
}

/** Reads JSON, or the `payload_json` and `files[n]` of a multipart request. @throws Refusal */
export async function readRequestBody(bytes: Buffer<ArrayBuffer>, contentType: string): Promise<RequestBody> {
  if (bytes.length === 0) return { json: undefined, uploads: [] };
  if (contentType.startsWith('multipart/form-data')) return await readMultipart(bytes, contentType);
  if (!contentType.startsWith('application/json')) {
    throw invalidForm([{ path: [], code: 'CONTENT_TYPE_INVALID', message: `Expected JSON, got "${contentType}"` }]);
  }
  return { json: parseJson(bytes.toString('utf8')), uploads: [] };
}

async function readMultipart(bytes: Buffer<ArrayBuffer>, contentType: string): Promise<RequestBody> {
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  let json: unknown;
  const uploads: Upload[] = [];
  for (const [name, value] of form) {
    if (typeof value === 'string') {
      if (name === 'payload_json') json = parseJson(value);
      continue;
    }
    const index = /^files\[(\d+)\]$/.exec(name)?.[1];
    if (index === undefined) {
      throw invalidForm([{ path: [name], code: 'FILE_NAME_INVALID', message: 'Files are called files[n]' }]);
    }
    uploads.push({
      index,
      filename: value.name,
      contentType: value.type || 'application/octet-stream',
      bytes: Buffer.from(await value.arrayBuffer()),
    });
  }
  return { json, uploads };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidJson();
  }
}
