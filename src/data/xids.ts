/**
 * NVIDIA XID codes and what they mean for readiness, as of 2026-11-22. `F` a fatal gate, `W` a warning, `I` ignored. Merged
 * from NVSentinel gpu-health-monitor/xiderrorsmapping.csv @ 6f8b0fc, Azure azurehpc-health-checks @ 0e0a1ac, facebookresearch/gcm
 * check_utils/xid_error_codes.py @ 1b7bde9 and nvidia_gpu_exporter docs/METRICS.md @ e656cd8; where they conflict, the class
 * is our choice. A code that is not listed has an unknown meaning.
 */
export interface Xid {
  readonly code: number;
  readonly name: string;
  readonly class: 'F' | 'W' | 'I';
  /** Fatal only where cards work together over NVLink; below that it warns. */
  readonly fatalInClusters?: true;
  /** What to look at on a rig. */
  readonly action: string;
}

export const xids: readonly Xid[] = [
  { code: 13, name: 'graphics engine exception', class: 'I', action: 'application or too much overclock' },
  { code: 31, name: 'MMU fault', class: 'I', action: 'application' },
  { code: 32, name: 'PBDMA error', class: 'W', action: 'bus integrity: riser' },
  { code: 38, name: 'FECS watchdog', class: 'I', action: 'none' },
  { code: 43, name: 'reset channel verification error', class: 'I', action: 'application' },
  { code: 45, name: 'preemptive removal', class: 'I', action: 'follows another error: read the other' },
  { code: 46, name: 'GPU stopped processing', class: 'F', action: 'reset, then service' },
  {
    code: 48,
    name: 'double-bit ECC error',
    class: 'F',
    action: 'with 63 or 64 check the remap; reset; RMA if it failed',
  },
  { code: 54, name: 'power reduced clocking', class: 'F', action: 'power cables, PSU' },
  { code: 56, name: 'display channel exception', class: 'W', action: 'headless rigs: driver' },
  { code: 57, name: 'memory link training failure', class: 'F', action: 'memory hardware' },
  { code: 58, name: 'memory error', class: 'F', action: 'memory hardware' },
  { code: 61, name: 'PMU breakpoint', class: 'W', action: 'driver, firmware' },
  { code: 62, name: 'PMU halt', class: 'F', action: 'reset; remove overclock; temperatures' },
  { code: 63, name: 'row remap or page retirement recorded', class: 'W', action: 'self-repair; reset to activate it' },
  { code: 64, name: 'row remap or page retirement failed', class: 'F', action: 'RMA candidate' },
  { code: 65, name: 'NVENC error', class: 'W', action: 'driver' },
  { code: 68, name: 'NVDEC error', class: 'W', action: 'driver' },
  { code: 69, name: 'graphics class error', class: 'W', action: 'application' },
  { code: 73, name: 'NVENC error', class: 'W', action: 'driver' },
  { code: 74, name: 'NVLink error', class: 'W', fatalInClusters: true, action: 'reseat the bridge' },
  { code: 79, name: 'fallen off the bus', class: 'F', action: 'riser, PSU, temperatures' },
  { code: 80, name: 'pushbuffer CRC mismatch', class: 'W', action: 'bus integrity: riser' },
  { code: 92, name: 'high single-bit ECC rate', class: 'W', action: 'watch' },
  { code: 94, name: 'contained ECC error', class: 'W', action: 'reset when convenient' },
  { code: 95, name: 'uncontained ECC error', class: 'F', action: 'reset now; RMA on repeat' },
  { code: 109, name: 'context switch timeout', class: 'W', action: 'fatal on repeat; sources conflict' },
  { code: 110, name: 'security fault', class: 'F', action: 'reset' },
  { code: 119, name: 'GSP RPC timeout', class: 'F', action: 'driver, GSP firmware, then hardware' },
  { code: 120, name: 'GSP error', class: 'F', action: 'driver, GSP firmware, then hardware' },
  { code: 136, name: 'NVLink training failure', class: 'W', fatalInClusters: true, action: 'reset' },
  { code: 140, name: 'unrecovered ECC error', class: 'F', action: 'reset' },
  { code: 143, name: 'GPU initialisation error', class: 'F', action: 'reset' },
  { code: 154, name: 'recovery action changed', class: 'W', action: 'follow the other XID' },
  { code: 156, name: 'resource retirement', class: 'F', action: 'reset' },
  { code: 158, name: 'GPU fatal timeout', class: 'F', action: 'reset' },
  { code: 160, name: 'channel retirement', class: 'F', action: 'restart the machine' },
];
