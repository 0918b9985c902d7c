import type { JsonObject } from '../json.ts';
import { messageContent } from '../message-content.ts';
import { fileShape } from '../message-shape.ts';
import { app } from '../state.ts';
import type { FileRecord } from '../workspace.ts';
import { Arguments, type Method, type MethodContext, Refusal } from './method.ts';

export const fileMethods: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': { token: 'bot', scope: 'files:write', run: getUploadUrl },
  'files.completeUploadExternal': { token: 'bot', scope: 'files:write', run: completeUpload },
  'files.info': { token: 'bot', scope: 'files:read', run: fileInfo },
};

function getUploadUrl({ args, state, baseUrl }: MethodContext): JsonObject {
  const name = args.required('filename');
  const expectedBytes = args.number('length', 0);
  if (!Number.isInteger(expectedBytes) || expectedBytes <= 0) throw new Refusal('invalid_arguments');
  const file: FileRecord = {
    id: state.nextId('F'),
    name,
    expectedBytes,
    altText: args.text('alt_txt') ?? args.text('alt_text'),
    uploadTicket: state.nextId('upload'),
    title: name,
    content: null,
    isComplete: false,
    channels: [],
  };
  state.files.set(file.id, file);
  return { upload_url: `${baseUrl}/upload/v1/${file.uploadTicket}`, file_id: file.id };
}

/** Shares what was uploaded: one message for all files of the call. Without a channel the files stay private. */
function completeUpload(context: MethodContext): JsonObject {
  const { args, state, log } = context;
  const named = args.objects('files');
  if (named.length === 0) throw new Refusal('invalid_arguments');
  const files = named.map((entry) => uploadedFile(context, String(entry['id'])));
  const channelId = args.text('channel_id');
  if (channelId !== null) {
    const channel = state.channels.get(channelId);
    if (channel === undefined) throw new Refusal('channel_not_found');
    if (!channel.members.has(app.botUserId)) throw new Refusal('not_in_channel');
    if (channel.isArchived) throw new Refusal('is_archived');
    const text = args.text('initial_comment') ?? '';
    // With a comment the blocks are ignored.
    const hasBlocks = text === '' && args.has('blocks');
    const { blocks } = hasBlocks
      ? messageContent(new Arguments({ text: ' ', blocks: args.json('blocks') }), log, true)
      : { blocks: [] };
    state.addMessage({
      channel: channelId,
      user: app.botUserId,
      byBot: true,
      text,
      blocks: blocks ?? [],
      threadTs: args.text('thread_ts'),
      fileIds: files.map((file) => file.id),
      origin: 'web api',
    });
    for (const file of files) file.channels.push(channelId);
  }
  files.forEach((file, index) => {
    file.isComplete = true;
    file.title = String(named[index]?.['title'] ?? file.name);
  });
  return { files: files.map(fileShape) };
}

function uploadedFile({ state }: MethodContext, id: string): FileRecord {
  const file = state.files.get(id);
  if (file === undefined) throw new Refusal('file_not_found');
  if (file.isComplete) throw new Refusal('file_already_completed');
  if (file.content === null) throw new Refusal('file_upload_size_mismatch');
  return file;
}

function fileInfo({ args, state }: MethodContext): JsonObject {
  const file = state.files.get(args.required('file'));
  if (file === undefined || !file.isComplete) throw new Refusal('file_not_found');
  return { file: fileShape(file) };
}
