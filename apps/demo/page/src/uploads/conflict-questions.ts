import type { Signal } from '@preact/signals'
import { signal } from '@preact/signals'
import type { Conflict } from './conflicts.ts'
import type { Answer } from './decide.ts'

/** A question about names that are taken. The answer is null when the user cancels the batch. */
export interface Question {
  readonly conflicts: readonly Conflict[]
  /** What the folder is called that the files are uploaded to. */
  readonly folder: string
  readonly answer: (answer: Answer | null) => void
}

/** The open questions; the first one is shown. */
export const questions: Signal<readonly Question[]> = signal([])

/** Asks the user, after the questions that are already open. */
export function askUser(conflicts: readonly Conflict[], folder: string): Promise<Answer | null> {
  return new Promise((resolve) => {
    const question: Question = {
      conflicts,
      folder,
      answer(answer) {
        questions.value = questions.peek().filter((each) => each !== question)
        resolve(answer)
      },
    }
    questions.value = [...questions.peek(), question]
  })
}

/** Cancels the batches that wait for an answer. */
export function cancelQuestions(): void {
  for (const { answer } of questions.peek()) answer(null)
}
