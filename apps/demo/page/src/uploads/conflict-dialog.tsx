import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { count } from '../ui/format.ts'
import { Dialog } from '../ui/dialog.tsx'
import type { Question } from './conflict-questions.ts'
import { questions } from './conflict-questions.ts'
import type { Conflict } from './conflicts.ts'
import type { Choice } from './decide.ts'
import { canReplace } from './decide.ts'

/** The number of names that are listed. */
const LISTED = 4

/** Asks what to do with files whose names are taken. */
export function ConflictDialog(): JSX.Element | null {
  const [question] = questions.value
  if (question === undefined) return null
  return <Ask key={question.conflicts[0]?.id} question={question} />
}

function Ask({ question }: { readonly question: Question }): JSX.Element | null {
  const { conflicts, answer } = question
  const [forAll, setForAll] = useState(true)
  const [first] = conflicts
  if (first === undefined) return null
  const covered = forAll ? conflicts : [first]
  const choose = (choice: Choice): void => answer({ choice, forAll })
  const title =
    covered.length === 1
      ? `“${first.name}” already exists`
      : `${count(covered.length, 'file')} already exist in “${question.folder}”`
  return (
    <Dialog title={title} onClose={() => answer(null)}>
      <Explanation covered={covered} first={first} folder={question.folder} />
      {conflicts.length > 1 ? (
        <label class="check">
          <input
            type="checkbox"
            checked={forAll}
            onChange={(event) => setForAll(event.currentTarget.checked)}
          />
          Do the same for {conflicts.length === 2 ? 'both' : `all ${conflicts.length}`} files
        </label>
      ) : null}
      <div class="buttons">
        <button type="button" class="button" onClick={() => choose('skip')}>
          Skip
        </button>
        <button
          type="button"
          class="button"
          disabled={!covered.some(canReplace)}
          onClick={() => choose('replace')}
        >
          Replace
        </button>
        <button type="button" class="button primary" autofocus onClick={() => choose('keep_both')}>
          Keep both
        </button>
      </div>
    </Dialog>
  )
}

function Explanation(props: {
  readonly covered: readonly Conflict[]
  readonly first: Conflict
  readonly folder: string
}): JSX.Element {
  const { covered, first, folder } = props
  const merged = [...new Set(covered.flatMap(({ folders }) => folders.slice(0, 1)))]
  return (
    <>
      {merged.map((name) => (
        <p key={name}>
          A folder named “{name}” already exists in “{folder}”. The uploaded files are added to it.
        </p>
      ))}
      {covered.length === 1 ? (
        <p>{sentenceAbout(first, first.folders.at(-1) ?? folder)}</p>
      ) : (
        <ul class="names">
          {covered.slice(0, LISTED).map(({ id, name, folders }) => (
            <li key={id}>{[...folders, name].join(' / ')}</li>
          ))}
          {covered.length > LISTED ? <li>and {covered.length - LISTED} more</li> : null}
        </ul>
      )}
      <p class="hint">
        If you keep both, the new {covered.length === 1 ? 'file is' : 'files are'} named “
        {first.freeName}”{covered.length === 1 ? '' : ' and so on'}.
      </p>
    </>
  )
}

function sentenceAbout({ name, existing }: Conflict, folder: string): string {
  if (existing === null) return `A file named “${name}” is already being uploaded to “${folder}”.`
  const kind = existing.is_folderish ? 'folder' : 'file'
  return `A ${kind} named “${name}” already exists in “${folder}”.`
}
