import type { PlanPart } from '../../../protocol/plans.ts';

/** Changes of a plan's parts, which name those that they come after by their places, from 1. */

const renumbered = (parts: readonly PlanPart[], placeOf: (old: number) => number | undefined): PlanPart[] =>
  parts.map(({ instruction, after }, index) => ({
    instruction,
    // A part can only come after one that stands above it.
    after: after
      .flatMap((old) => placeOf(old) ?? [])
      .filter((place) => place <= index)
      .sort((one, other) => one - other),
  }));

export const withText = (parts: readonly PlanPart[], index: number, instruction: string): PlanPart[] =>
  parts.map((part, at) => (at === index ? { ...part, instruction } : part));

/** Whether the part at `index` comes after the one at `place`, from 1, turned round. */
export const withAfter = (parts: readonly PlanPart[], index: number, place: number): PlanPart[] =>
  parts.map((part, at) => {
    if (at !== index) return part;
    const after = part.after.includes(place) ? part.after.filter((one) => one !== place) : [...part.after, place];
    return { ...part, after: after.sort((one, other) => one - other) };
  });

/** A new part behind the last one. */
export const withPart = (parts: readonly PlanPart[], instruction: string): PlanPart[] => [
  ...parts,
  { instruction, after: parts.length === 0 ? [] : [parts.length] },
];

/** Without one; who came after it comes after those that it came after. */
export function withoutPart(parts: readonly PlanPart[], index: number): PlanPart[] {
  const gone = index + 1;
  const before = parts[index]?.after ?? [];
  const left = parts
    .map(({ instruction, after }) => ({
      instruction,
      after: after.includes(gone) ? [...new Set([...after.filter((one) => one !== gone), ...before])] : after,
    }))
    .filter((_, at) => at !== index);
  return renumbered(left, (old) => (old > gone ? old - 1 : old));
}

/** With one part a place further up (-1) or down (1); what can then not come before it any more does not. */
export function withMoved(parts: readonly PlanPart[], index: number, by: -1 | 1): PlanPart[] {
  const other = index + by;
  const [one, two] = [parts[index], parts[other]];
  if (one === undefined || two === undefined) return [...parts];
  const swapped = parts.map((part, at) => (at === index ? two : at === other ? one : part));
  return renumbered(swapped, (old) => (old === index + 1 ? other + 1 : old === other + 1 ? index + 1 : old));
}
