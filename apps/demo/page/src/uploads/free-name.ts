/** What stays at the end of a numbered name. */
const EXTENSION = /\.[^.\s/]{1,12}$/u

/** `notes.txt`, or `notes (2).txt`, `notes (3).txt` and so on if that is taken. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  const extension = EXTENSION.exec(name.slice(1))?.[0] ?? ''
  const stem = name.slice(0, name.length - extension.length)
  let free = name
  for (let number = 2; taken.has(free); number += 1) free = `${stem} (${number})${extension}`
  return free
}
