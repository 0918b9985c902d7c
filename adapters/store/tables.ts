/** Columns as both databases give them back; `…_ms` is Unix ms, `…_seconds` of a state are GPU-seconds, JSON is text. */
export interface LedgerTable {
  rig: string;
  start_ms: number;
  site: string | null;
  seconds: number;
  observed_seconds: number;
  down_seconds: number;
  rented_seconds: number;
  mining_seconds: number;
  busy_seconds: number;
  idle_listed_seconds: number;
  idle_unlisted_seconds: number;
  unknown_seconds: number;
  card_joules: number | null;
  wall_joules: number | null;
  power_seconds: number;
  power_cost_amount: number | null;
  power_cost_currency: string | null;
  rented_revenue_amount: number | null;
  rented_revenue_currency: string | null;
  mined: string;
  models: string;
  quotes: string;
  asic_seconds: string | null;
  /** Of days alone. */
  parts: string | null;
}

export interface AccountsTable {
  platform: string;
  instance: string;
  start_ms: number;
  seconds: number;
  first_usd: number;
  first_at_ms: number;
  last_usd: number;
  last_at_ms: number;
}

export interface OutboxTable {
  key: string;
  platform: string;
  channel: string;
  /** What goes first is the smaller number. */
  priority: number;
  payload: string;
  created_ms: number;
  not_before_ms: number;
  state: string;
  attempts: number;
  sending_ms: number | null;
  ended_ms: number | null;
  receipt: string | null;
  error: string | null;
}

export interface AuditTable {
  id: string;
  at_ms: number;
  platform: string;
  channel: string;
  user_id: string;
  user_name: string;
  command: string;
  text: string;
  result: string | null;
  detail: string | null;
}

export interface AggregatesTable {
  rig: string;
  day_ms: number;
  until_ms: number;
  /** The signals of the host, as `encodeSignals` writes them. */
  host: string;
  /** Those of each card. */
  cards: string;
}

export interface KnownCardsTable {
  rig: string;
  key: string;
  gpu_index: number | null;
  uuid: string | null;
  bus: string | null;
  model: string | null;
  vram_total_bytes: number | null;
  pcie_width_max: number | null;
  pcie_generation_max: number | null;
  compute_capability: number | null;
  driver_version: string | null;
  cuda_version: string | null;
  vbios_version: string | null;
  first_seen_ms: number;
  seen_ms: number;
}

export interface KnownTargetsTable {
  key: string;
  rig: string | null;
  /** 1 or 0, null where it has never answered. */
  has_cards: number | null;
  is_stranger: number;
  /** Its parts, machines and ASICs, as JSON. */
  said: string;
  first_seen_ms: number;
  listed_ms: number;
}

export interface StateChangesTable {
  rig: string;
  /** Empty for the rig itself. */
  card: string;
  at_ms: number;
  from_state: string;
  to_state: string;
  evidence: string;
}

export interface Tables {
  ledger: LedgerTable;
  ledger_days: LedgerTable;
  accounts: AccountsTable;
  outbox: OutboxTable;
  claims: { key: string; claimed_ms: number };
  audit: AuditTable;
  aggregates: AggregatesTable;
  known_cards: KnownCardsTable;
  known_targets: KnownTargetsTable;
  state_changes: StateChangesTable;
  /** One row at most, `id` 1. */
  open_periods: { id: number; state: string };
  /** `farm`: the name of the farm whose figures these are. */
  meta: { name: string; value: string };
}
