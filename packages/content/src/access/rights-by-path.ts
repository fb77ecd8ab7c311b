import { isContentId } from '../paths/content-id.ts'
import type { ContentPath } from '../paths/content-path.ts'
import { childPath, idsOf, parentPath } from '../paths/content-path.ts'
import type { Right } from './access.ts'
import { RIGHTS } from './access.ts'

type Settings = Readonly<Record<ContentPath, Readonly<Record<string, readonly Right[]>>>>

const KNOWN: ReadonlySet<string> = new Set(RIGHTS)

/** Rights as they stand in the settings. */
export interface RightsByPath {
  /** The rights of a user at a path: those of the nearest path at or above it that names the user. */
  at(user: string, path: ContentPath): readonly Right[]
  /** The paths below `path` that have rules of their own. */
  below(path: ContentPath): readonly ContentPath[]
}

/**
 * Reads rights from the settings.
 *
 * @throws Error for a path that no content can have, or an unknown right
 */
export function rightsByPath(settings: Settings): RightsByPath {
  const rules = new Map(
    Object.entries(settings).map(([path, by]) => [readPath(path), readRules(by)]),
  )

  return {
    at(user, path) {
      for (let above: ContentPath | null = path; above !== null; above = parentPath(above)) {
        const rights = rules.get(above)?.get(user)
        if (rights !== undefined) return rights
      }
      return []
    },
    below: (path) =>
      [...rules.keys()].filter((each) => each !== path && each.startsWith(childPath(path, ''))),
  }
}

function readPath(setting: string): ContentPath {
  const path = setting.replace(/(?!^)\/$/, '').normalize('NFC')
  if (!path.startsWith('/') || !idsOf(path).every(isContentId)) {
    throw new Error(`rights: "${setting}" is not a path of content, such as "/" or "/folder"`)
  }
  return path
}

function readRules(by: Settings[string]): ReadonlyMap<string, readonly Right[]> {
  for (const [user, rights] of Object.entries(by)) {
    const unknown = rights.find((right) => !KNOWN.has(right))
    if (unknown !== undefined) throw new Error(`rights: "${unknown}" of ${user} is not a right`)
  }
  return new Map(Object.entries(by))
}
