import { UploadError } from '@tusker/core'
import type { ContentPath } from '../paths/content-path.ts'
import type { Ports } from '../ports.ts'
import type { Principal } from '../access/access.ts'

/**
 * Refuses to remove an object when the principal may not modify everything below it. The error does
 * not name the object that is in the way: the principal may not even be allowed to see it.
 */
export async function assertMayBelow<Context>(
  { access, tree }: Pick<Ports<Context>, 'access' | 'tree'>,
  principal: Principal | null,
  path: ContentPath,
): Promise<void> {
  const paths = access.pathsWithRules?.(path)
  for await (const below of paths ?? allBelow(tree, path)) {
    if (await access.may(principal, 'modify', below)) continue
    if (paths !== undefined && (await tree.find(below)) === null) continue
    throw new UploadError('forbidden', 'you may not remove everything that is in here')
  }
}

async function* allBelow(tree: Ports['tree'], path: ContentPath): AsyncGenerator<ContentPath> {
  for await (const child of tree.children(path)) {
    yield child.path
    if (child.container) yield* allBelow(tree, child.path)
  }
}
