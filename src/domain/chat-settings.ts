/** What the operator declared for one chat platform. */
export interface PlatformSettings {
  /** Ids of users and of roles or user groups, beside those whom the platform itself puts in charge. */
  readonly admins: readonly string[];
  readonly operators: readonly string[];
  /** Where its admins are told what goes wrong; null: whom the platform puts in charge, directly. */
  readonly adminChannel: string | null;
}

export interface ChatSettings {
  /** BCP 47; of what is posted unasked, where a channel has no other. */
  readonly locale: string;
  readonly discord: PlatformSettings;
  readonly slack: PlatformSettings;
}
