import type { ReadinessPolicy, XidRequirement } from '../domain/readiness/policy.ts';
import { xids } from './xids.ts';

const vastListing = 'vast-ai/docs host/verification-stages.mdx @ c624622 (2026-08-07)';
const vastSelfTest = 'vast-ai/vast-cli vastai/cli/self_test/machine_diagnostics.py @ 0de180a';
const runpod = 'docs.runpod.io/hosting/partner-requirements (Release 2025)';
const azure = 'Azure/azurehpc-health-checks @ 0e0a1ac, ND-series profiles';
const metaGcm = 'facebookresearch/gcm @ 1b7bde9';
const pytorch = 'pytorch/pytorch#190385 and #172352';
const vllm = 'docs.vllm.ai v0.14.0 installation/gpu';
const miningCards = 'niconiconi.neocities.org CMP 170HX review; arabel1a/ml-on-cmp; axbrief.com CMP 100-210';
const proposal = 'our proposal';

const fatal = xids.filter((xid) => xid.class === 'F').map((xid) => xid.code);
const fatalInClusters = xids.filter((xid) => xid.fatalInClusters).map((xid) => xid.code);
const ignored = xids.filter((xid) => xid.class === 'I').map((xid) => xid.code);

function xidRequirement(codes: readonly number[], source: string): XidRequirement {
  const warning = xids.filter(({ code }) => !codes.includes(code) && !ignored.includes(code)).map(({ code }) => code);
  return { fatal: codes, ignored, warning, source };
}

/** AMD targets of the vLLM list. */
const vllmTargets = [
  'gfx90a',
  'gfx942',
  'gfx950',
  'gfx1100',
  'gfx1101',
  'gfx1150',
  'gfx1151',
  'gfx1200',
  'gfx1201',
] as const;

/**
 * READINESS.md 1.2 as data: Vast's listing rules and self-test for the lower tiers, RunPod's partner requirements and Azure's
 * health checks for the upper ones. Thresholds read on the dates given; RAM and PCIe rows beyond a table's last hold as
 * its last.
 */
export const vast202608: ReadinessPolicy = {
  id: 'vast-2026-08',
  asOf: '2026-08-07',
  names: {
    none: 'not proven',
    T0: 'not convertible',
    T1: 'listable',
    T2: 'verifiable',
    T3: 'secure cloud',
    T4: 'cluster',
  },
  convertibleFrom: 'T2',
  xidWindowDays: 7,
  xidQuietHours: 24,
  criteria: {
    C01: {
      title: 'GPU architecture',
      blockerClass: 'SILICON',
      families: [
        'nvidia_smi_gpu_info',
        'nvidia_smi_compute_cap',
        'DCGM_FI_DEV_GPU_TEMP',
        'lolminer_gpu_info',
        'trex_gpu_hashrate',
      ],
    },
    C02: {
      title: 'mining SKU',
      blockerClass: 'SILICON',
      families: ['nvidia_smi_gpu_info', 'DCGM_FI_DEV_GPU_TEMP', 'lolminer_gpu_info', 'trex_gpu_hashrate'],
    },
    C03: {
      title: 'VRAM per GPU',
      blockerClass: 'SILICON',
      families: [
        'nvidia_smi_memory_total_bytes',
        'DCGM_FI_DEV_FB_FREE',
        'DCGM_FI_DEV_FB_USED',
        'DCGM_FI_DEV_FB_RESERVED',
      ],
    },
    C04: {
      title: 'same model in the rig',
      blockerClass: 'POLICY',
      families: ['nvidia_smi_gpu_info', 'DCGM_FI_DEV_GPU_TEMP', 'lolminer_gpu_info', 'trex_gpu_hashrate'],
    },
    C05: {
      title: 'PCIe link',
      blockerClass: 'HOST',
      families: [
        'nvidia_smi_pcie_link_width_current',
        'nvidia_smi_pcie_link_gen_current',
        'nvidia_smi_pcie_link_gen_max',
        'nvidia_smi_pstate',
        'DCGM_FI_DEV_PCIE_LINK_WIDTH',
        'DCGM_FI_DEV_PCIE_LINK_GEN',
        'DCGM_FI_DEV_PCIE_MAX_LINK_GEN',
        'node_pcidevice_current_link_width',
      ],
    },
    C06: {
      title: 'CPU',
      blockerClass: 'HOST',
      families: ['node_cpu_info', 'node_cpu_seconds_total', 'node_cpu_flag_info'],
    },
    C07: { title: 'system RAM', blockerClass: 'HOST', families: ['node_memory_MemTotal_bytes'] },
    C11: {
      title: 'download and upload',
      blockerClass: 'SITE',
      families: ['vastai_machine_inet_bps', 'node_network_speed_bytes'],
    },
    C17: {
      title: 'critical XIDs',
      blockerClass: 'HEALTH',
      families: [
        'nvidia_smi_xid_last_timestamp_seconds',
        'nvidia_smi_xid_errors_total',
        'DCGM_EXP_XID_ERRORS_COUNT',
        'DCGM_FI_DEV_XID_ERRORS',
        'node_boot_time_seconds',
      ],
    },
  },
  tiers: {
    T1: {
      anchor: vastListing,
      asOf: '2026-08-07',
      requirements: {
        silicon: {
          computeCapability: 6,
          gfxTargets: ['gfx900', 'gfx906', 'gfx908', ...vllmTargets],
          eccHbm: false,
          source: vastListing,
        },
        crippled: { status: 'warn', source: miningCards },
        vram: { operator: '>=', amount: 4, unit: 'GiB', source: proposal },
        sameModel: { sameVbios: false, source: vastListing },
        pcie: { kind: 'lanes', tflopsPerLane: 2.5, mostLanes: 16, source: vastListing },
        cpu: { coresPerGpu: 1, extraCores: 0, threadsPerGpu: 2, avx: true, baseGigahertz: null, source: vastListing },
        ram: { kind: 'per-gpu', gigabytes: 4, source: vastListing },
        line: { kind: 'per-machine', megabitsPerSecond: 10, source: vastListing },
        xids: xidRequirement([48, 64, 79, 95], proposal),
      },
      notEvaluated: ['C09', 'C12', 'C14', 'C15', 'C16', 'C25'],
    },
    T2: {
      anchor: vastSelfTest,
      asOf: '2026-08-07',
      requirements: {
        silicon: {
          computeCapability: 7.5,
          gfxTargets: vllmTargets,
          eccHbm: false,
          source: `${proposal}, from ${pytorch}; AMD: ${vllm}`,
        },
        crippled: { status: 'fail', source: miningCards },
        vram: { operator: '>', amount: 7, unit: 'GiB', source: vastSelfTest },
        sameModel: { sameVbios: false, source: vastListing },
        pcie: { kind: 'bandwidth', gigabytesPerSecond: 2.85, sureShare: 0.7, source: vastSelfTest },
        cpu: {
          coresPerGpu: null,
          extraCores: 0,
          threadsPerGpu: 2,
          avx: false,
          baseGigahertz: null,
          source: vastSelfTest,
        },
        ram: { kind: 'vram-share', share: 0.95, mostMebibytes: 2_000_000, source: vastSelfTest },
        line: { kind: 'by-vram', perVramGib: 2.6, least: 100, most: 500, source: vastSelfTest },
        xids: xidRequirement(fatal, 'NVSentinel, Azure NHC, Meta GCM and nvidia_gpu_exporter, merged'),
      },
      notEvaluated: ['C09', 'C12', 'C14', 'C15', 'C16', 'C18', 'C25'],
    },
    T3: {
      anchor: runpod,
      asOf: '2026-08-07',
      requirements: {
        silicon: { computeCapability: 8, gfxTargets: [], eccHbm: false, source: runpod },
        crippled: { status: 'fail', source: miningCards },
        vram: { operator: '>=', amount: 16, unit: 'GB', source: `${proposal}: smallest row of ${runpod}` },
        sameModel: { sameVbios: false, source: vastListing },
        pcie: {
          kind: 'full-link',
          lanes: 16,
          generations: [
            { mostVramGib: 16, generation: 3 },
            { mostVramGib: 48, generation: 4 },
            { mostVramGib: 80, generation: 5 },
          ],
          // Named there for the PCIe card; no A100 does more.
          exceptions: { 'A100 80GB PCIe': 4, 'A100 80GB SXM': 4 },
          source: runpod,
        },
        cpu: { coresPerGpu: 4, extraCores: 2, threadsPerGpu: null, avx: false, baseGigahertz: 3.5, source: runpod },
        ram: {
          kind: 'by-vram',
          rows: [
            { mostVramGib: 16, gigabytesPerGpu: 32 },
            { mostVramGib: 24, gigabytesPerGpu: 64 },
            { mostVramGib: 48, gigabytesPerGpu: 128 },
            { mostVramGib: 80, gigabytesPerGpu: 256 },
          ],
          source: `${runpod}, its 8-GPU rows per GPU`,
        },
        line: { kind: 'line', megabitsPerSecond: 1000, source: proposal },
        xids: xidRequirement(fatal, 'NVSentinel, Azure NHC, Meta GCM and nvidia_gpu_exporter, merged'),
      },
      notEvaluated: ['C08', 'C09', 'C12', 'C13', 'C14', 'C15', 'C16', 'C18', 'C25', 'C26'],
    },
    T4: {
      anchor: azure,
      asOf: '2026-08-07',
      requirements: {
        silicon: { computeCapability: 8, gfxTargets: [], eccHbm: true, source: proposal },
        crippled: { status: 'fail', source: miningCards },
        vram: { operator: '>=', amount: 80, unit: 'GB', source: proposal },
        sameModel: { sameVbios: true, source: metaGcm },
        pcie: {
          kind: 'measured',
          gigabytesPerSecond: {
            'H100 PCIe': 48,
            'H100 SXM': 48,
            'A100 40GB': 21,
            'A100 40GB SXM': 21,
            'A100 80GB PCIe': 21,
            'A100 80GB SXM': 21,
          },
          source: azure,
        },
        cpu: { coresPerGpu: 12, extraCores: 0, threadsPerGpu: null, avx: false, baseGigahertz: null, source: azure },
        ram: { kind: 'per-gpu', gigabytes: 237.5, source: `${azure}: 1.9 TB for 8 GPUs` },
        line: null,
        xids: xidRequirement([...fatal, ...fatalInClusters], `${azure}; NVLink codes included`),
      },
      notEvaluated: ['C08', 'C09', 'C13', 'C14', 'C15', 'C16', 'C18', 'C25', 'C26'],
    },
  },
};
