import type { Conflict } from './conflicts.ts'

/** What happens to a file whose name is taken. */
export type Choice = 'replace' | 'keep_both' | 'skip'

/** The user's answer to the first of some conflicts. */
export interface Answer {
  readonly choice: Choice
  /** Whether it holds for all the others as well. */
  readonly forAll: boolean
}

/** Whether the file can take the place of the existing object. */
export function canReplace({ existing }: Conflict): boolean {
  return existing !== null && !existing.is_folderish && existing.rights.includes('modify')
}

/**
 * Asks about conflicts until each has a choice. An answer for all leaves open those that it cannot
 * hold for: a folder, for example, is not replaced by a file.
 *
 * @param ask asks about the first of the open conflicts; null when the user cancels
 * @returns the choices by the id of the file; null when the user cancelled
 */
export async function decide(
  conflicts: readonly Conflict[],
  ask: (open: readonly Conflict[]) => Promise<Answer | null>,
): Promise<ReadonlyMap<string, Choice> | null> {
  const choices = new Map<string, Choice>()
  let open = conflicts
  while (open.length > 0) {
    const answer = await ask(open)
    if (answer === null) return null
    const { choice, forAll } = answer
    for (const conflict of forAll ? open : open.slice(0, 1)) {
      if (choice !== 'replace' || canReplace(conflict)) choices.set(conflict.id, choice)
    }
    open = open.filter(({ id }) => !choices.has(id))
  }
  return choices
}
