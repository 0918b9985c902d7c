import { isObject, type JsonObject, parsedJson } from './json.ts';

/** Arguments of a request, from its query and a form, multipart or JSON body. */
export async function parseArguments(raw: Buffer, contentType: string, query: URLSearchParams): Promise<JsonObject> {
  const fromQuery = Object.fromEntries(query);
  if (contentType.startsWith('application/json')) {
    const body = parsedJson(raw.toString('utf8'));
    return isObject(body) ? { ...fromQuery, ...body } : fromQuery;
  }
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return { ...fromQuery, ...Object.fromEntries(new URLSearchParams(raw.toString('utf8'))) };
  }
  if (contentType.startsWith('multipart/form-data')) {
    const fields = [...(await parseForm(raw, contentType))];
    return { ...fromQuery, ...Object.fromEntries(fields.filter(([, value]) => typeof value === 'string')) };
  }
  return fromQuery;
}

/** The bytes of an upload: the first file of a multipart body, else the body itself. */
export async function uploadedBytes(raw: Buffer, contentType: string): Promise<Buffer> {
  if (!contentType.startsWith('multipart/form-data')) return raw;
  for (const [, value] of await parseForm(raw, contentType)) {
    if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer());
  }
  return Buffer.alloc(0);
}

function parseForm(raw: Buffer, contentType: string): Promise<FormData> {
  return new Response(new Uint8Array(raw), { headers: { 'content-type': contentType } }).formData();
}
