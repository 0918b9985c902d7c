/** What goes first where a channel takes one message at a time: pages, then replies, then digests, then edits. */
export type SendPriority = 'page' | 'reply' | 'digest' | 'edit';
