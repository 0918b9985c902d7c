import { BYTES_PER_GIB } from '../quantities.ts';
import type { Judgement } from './criterion.ts';
import type { PcieRequirement } from './policy.ts';
import type { SubjectGpu } from './subject.ts';

/** Theoretical GB/s of one lane, by generation (READINESS.md 1.3, C05). */
const laneGigabytesPerSecond = [0, 0.25, 0.5, 0.985, 1.969, 3.938] as const;

/** Performance states 0..2 are work; from there on a card saves power and its link drops to a lower generation. */
const SLOWEST_WORKING_STATE = 2;

/** What is known of a card's link. */
interface Link {
  readonly width: number | null;
  /** As measured under load; null at idle, where it lies. */
  readonly generation: number | null;
  /** The link cannot be faster than this: what the card and slot, and the card itself, can do at most. */
  readonly generationAtMost: number | null;
  readonly text: string | null;
}

function linkOf({ gpu, card }: SubjectGpu): Link {
  const working = gpu.performanceState !== null && gpu.performanceState <= SLOWEST_WORKING_STATE;
  const generation = working ? gpu.pcieGeneration : null;
  const limits = [gpu.pcieGenerationMax, card?.pcieGen ?? null].filter((limit) => limit !== null).map(Math.floor);
  const generationAtMost = generation ?? (limits.length === 0 ? null : Math.min(...limits));
  return { width: gpu.pcieWidth, generation, generationAtMost, text: describe() };

  /** The width stands beside the card's own bus: a board's x1 slot calls x1 the most that there is. */
  function describe(): string | null {
    if (gpu.pcieWidth === null) return null;
    const bus = card?.pcieLanes != null && card.pcieLanes !== gpu.pcieWidth ? ` of the card's x${card.pcieLanes}` : '';
    if (generation !== null) return `x${gpu.pcieWidth}${bus}, Gen${generation}`;
    const most = generationAtMost === null ? '' : `, at most Gen${generationAtMost}`;
    return `x${gpu.pcieWidth}${bus}, generation not seen under load${most}`;
  }
}

function bandwidth(width: number, generation: number): number | null {
  const lane = laneGigabytesPerSecond[generation];
  return lane === undefined || generation < 1 ? null : width * lane;
}

/** C05. `width_max` is no yardstick: it is what card and slot can do together. */
export function judgePcie(subject: SubjectGpu, requirement: PcieRequirement): Judgement {
  const link = linkOf(subject);
  switch (requirement.kind) {
    case 'lanes':
      return judgeLanes(subject, link, requirement);
    case 'bandwidth':
      return judgeBandwidth(link, requirement);
    case 'full-link':
      return judgeFullLink(subject, link, requirement);
    case 'measured':
      return judgeMeasured(subject, link, requirement);
  }
}

type Of<Kind extends PcieRequirement['kind']> = Extract<PcieRequirement, { kind: Kind }>;

/** The listing rule; hobby builds run on less, so it warns. */
function judgeLanes({ card }: SubjectGpu, { width }: Link, requirement: Of<'lanes'>): Judgement {
  const tflops = card?.fp32Tflops ?? null;
  const lanes = tflops === null ? null : Math.min(requirement.mostLanes, Math.ceil(tflops / requirement.tflopsPerLane));
  const judged = { actual: width, operator: '>=', required: lanes, unit: 'lanes', basis: 'measured' } as const;
  if (width === null) return { ...judged, status: 'unknown' };
  if (width >= (lanes ?? requirement.mostLanes)) return { ...judged, status: 'pass' };
  return { ...judged, status: lanes === null ? 'unknown' : 'warn' };
}

/** Too slow even in theory fails; fast enough with a margin passes; between the two only a bandwidth test tells. */
function judgeBandwidth(link: Link, { gigabytesPerSecond, sureShare }: Of<'bandwidth'>): Judgement {
  const judged = { operator: '>', required: `${gigabytesPerSecond} GB/s`, unit: null, basis: 'measured' } as const;
  if (link.width === null || link.generationAtMost === null) {
    return { ...judged, status: 'unknown', actual: link.text };
  }
  const most = bandwidth(link.width, link.generationAtMost);
  if (most === null) return { ...judged, status: 'unknown', actual: link.text };
  const actual = `${link.text}: ${round(most)} GB/s in theory`;
  if (most <= gigabytesPerSecond) return { ...judged, status: 'fail', actual };
  if (link.generation === null) return { ...judged, status: 'unknown', actual };
  if (most * sureShare > gigabytesPerSecond) return { ...judged, status: 'pass', actual };
  return { ...judged, status: 'unknown', actual: `${actual}, run a bandwidth test` };
}

function judgeFullLink(subject: SubjectGpu, link: Link, requirement: Of<'full-link'>): Judgement {
  const generation = requiredGeneration(subject, requirement);
  const least = Math.min(...requirement.generations.map((row) => row.generation));
  const required = generation === null ? `x${requirement.lanes}` : `x${requirement.lanes} Gen${generation}`;
  const judged = { actual: link.text, operator: '>=', required, unit: null, basis: 'measured' } as const;
  if (link.width !== null && link.width < requirement.lanes) return { ...judged, status: 'fail' };
  if (link.generationAtMost !== null && link.generationAtMost < (generation ?? least)) {
    return { ...judged, status: 'fail' };
  }
  if (link.width === null || link.generation === null || generation === null) return { ...judged, status: 'unknown' };
  return { ...judged, status: 'pass' };
}

function requiredGeneration({ card, vramBytes }: SubjectGpu, requirement: Of<'full-link'>): number | null {
  const exception = card === null ? undefined : requirement.exceptions[card.model];
  if (exception !== undefined) return exception;
  // Which exceptions hold for a card of an unknown model is unknown.
  if (vramBytes === null || card === null) return null;
  const vramGib = vramBytes / BYTES_PER_GIB;
  const row =
    requirement.generations.find(({ mostVramGib }) => vramGib <= mostVramGib) ?? requirement.generations.at(-1);
  return row?.generation ?? null;
}

/** A link proves no measured bandwidth; one that is too slow in theory disproves it. */
function judgeMeasured({ card }: SubjectGpu, link: Link, { gigabytesPerSecond }: Of<'measured'>): Judgement {
  const least = card === null ? undefined : gigabytesPerSecond[card.model];
  const most =
    link.width === null || link.generationAtMost === null ? null : bandwidth(link.width, link.generationAtMost);
  const required = least === undefined ? null : `${least} GB/s measured`;
  const status = least !== undefined && most !== null && most < least ? 'fail' : 'unknown';
  return { status, actual: link.text, operator: '>=', required, unit: null, basis: 'measured' };
}

function round(gigabytesPerSecond: number): number {
  return Math.round(gigabytesPerSecond * 1000) / 1000;
}
