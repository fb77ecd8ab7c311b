import type { ContentName } from '../paths/names.ts'
import { contentIdFor } from '../paths/names.ts'
import type { RequestedContent } from './upload-metadata.ts'

/** The name that an upload's content gets if it is free. */
export function nameFor({ fileName }: Pick<RequestedContent, 'fileName'>): ContentName {
  return { id: contentIdFor(fileName ?? '', 'file'), title: fileName }
}
