/** How an upload is divided into parts. Sizes are in bytes. */
export interface PartPlan {
  /** Bytes of a part, as long as the numbers suffice. */
  readonly partSize: number
  /** The storage takes no smaller part, but for the last one. */
  readonly smallestPart: number
  /** More does not fit into the memory for parts. */
  readonly largestPart: number
  /** Numbers that one object may use. */
  readonly maxParts: number
  /** True where all parts but the last have to be equally long. */
  readonly equalParts: boolean
}

/** Where an upload is. */
export interface Position {
  /** Where the next part begins. */
  readonly start: number
  /** Of the whole upload; null while it is unknown. */
  readonly length: number | null
  /** The number of the next part. */
  readonly number: number
}

const MIB = 2 ** 20

/**
 * The size of the next part. What is left is divided by the numbers that are left: so an upload that has
 * used up numbers, in small parts or by being taken over, still fits. Without a length the parts grow with
 * the upload.
 */
export function partSizeAt(plan: PartPlan, { start, length, number }: Position): number {
  if (plan.equalParts) return plan.partSize
  const numbers = Math.max(1, plan.maxParts - number + 1)
  const needed = length === null ? start / (plan.maxParts / 10) : (length - start) / numbers
  if (needed <= plan.partSize) return plan.partSize
  return Math.min(Math.ceil(needed / MIB) * MIB, plan.largestPart)
}

/** The most bytes that one object can have. */
export function largestObject(plan: PartPlan): number {
  return plan.maxParts * (plan.equalParts ? plan.partSize : plan.largestPart)
}

/** True when a part shorter than planned leaves enough numbers for the rest. */
export function maySendEarly(
  plan: PartPlan,
  { start, length, number }: Position,
  size: number,
): boolean {
  if (plan.equalParts || size < plan.smallestPart) return false
  const left = length === null ? start : length - start - size
  return left / plan.partSize < (plan.maxParts - number) / 2
}
