/**
 * What Discord refuses to take more of, in UTF-16 units where it counts characters. From Discord's OpenAPI document, the
 * descriptions of discord-api-types and excerpts of https://discord.com/developers/docs/resources/message (2026-11-23); the
 * number and size of files are customary and were not looked up.
 */
export const DISCORD = {
  /** Create message, `content`. */
  content: 2_000,
  /** Create message, `embeds`. */
  embeds: 10,
  /** Embed limits: title, description, fields, names and values; and the sum of all of them over all embeds. */
  embedDescription: 4_096,
  embedFields: 25,
  fieldName: 256,
  fieldValue: 1_024,
  embedTotal: 6_000,
  /** Action row: five of them in a message, five buttons or one select in each. */
  rows: 5,
  buttonsPerRow: 5,
  /** Button, `label`. */
  buttonLabel: 80,
  /** Any component, `custom_id`; unique in its message. */
  customId: 100,
  /** String select: `options`, their `label` and `value`, `placeholder`. */
  selectOptions: 25,
  optionLabel: 100,
  optionValue: 100,
  selectPlaceholder: 150,
  /** Modal: `title`, and 1 to 5 components in labels. */
  modalTitle: 45,
  modalComponents: 5,
  /** Label: `label`, `description`. */
  label: 45,
  labelDescription: 100,
  /** Text input, `value` and `placeholder`. */
  textValue: 4_000,
  textPlaceholder: 100,
  /** Uploading files: 10 attachments a message, 10 MiB by default; together they stay below it with pictures beside them. */
  attachments: 10,
  fileBytes: 8 * 1024 * 1024,
} as const;
