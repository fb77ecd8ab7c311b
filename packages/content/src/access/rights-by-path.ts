import { isContentId } from '../paths/content-id.ts'
import type { ContentPath } from '../paths/content-path.ts'
import { idsOf, parentPath } from '../paths/content-path.ts'
import type { Right } from './access.ts'
import { RIGHTS } from './access.ts'

type Settings = Readonly<Record<ContentPath, Readonly<Record<string, readonly Right[]>>>>

const KNOWN: ReadonlySet<string> = new Set(RIGHTS)

/**
 * Tells the rights of somebody at a path: those of the nearest path above that names them.
 *
 * @throws Error for a path that no content can have, or an unknown right
 */
export function rightsByPath(
  settings: Settings,
): (who: string, path: ContentPath) => readonly Right[] {
  const rules = new Map(
    Object.entries(settings).map(([path, by]) => [readPath(path), readRules(by)]),
  )

  return (who, path) => {
    for (let above: ContentPath | null = path; above !== null; above = parentPath(above)) {
      const rights = rules.get(above)?.get(who)
      if (rights !== undefined) return rights
    }
    return []
  }
}

function readPath(setting: string): ContentPath {
  const path = setting.replace(/(?!^)\/$/, '').normalize('NFC')
  if (!path.startsWith('/') || !idsOf(path).every(isContentId)) {
    throw new Error(`rights: "${setting}" is no path of content, like "/" or "/folder"`)
  }
  return path
}

function readRules(by: Settings[string]): ReadonlyMap<string, readonly Right[]> {
  for (const [who, rights] of Object.entries(by)) {
    const unknown = rights.find((right) => !KNOWN.has(right))
    if (unknown !== undefined) throw new Error(`rights: ${who} has "${unknown}", which is no right`)
  }
  return new Map(Object.entries(by))
}
