import { byteWorks } from './bytes.ts'
import { concatWorks } from './concat.ts'
import { downloadWorks } from './downloads.ts'
import type { Sizes } from './sizes.ts'
import { slowWorks } from './slow.ts'
import { smallWorks } from './small.ts'
import type { Work } from './work.ts'

/** All works, in the order of the table. */
export function worksOf(sizes: Sizes): Work[] {
  return [
    ...byteWorks(sizes),
    ...smallWorks(sizes),
    ...concatWorks(sizes),
    ...slowWorks(sizes),
    ...downloadWorks(sizes),
  ]
}
