import { checksum } from './checksum.ts'
import { checksumTrailer } from './checksum-trailer.ts'
import { concatenation } from './concatenation.ts'
import { concatenationHead } from './concatenation-head.ts'
import { concatenationUnfinished } from './concatenation-unfinished.ts'
import type { Chapter } from '../runner/conversation.ts'
import { coreHead } from './head.ts'
import { coreHeaders } from './headers.ts'
import { coreOptions } from './options.ts'
import { corePatch } from './patch.ts'
import { creation } from './creation.ts'
import { creationDeferLength } from './creation-defer-length.ts'
import { creationMetadata } from './creation-metadata.ts'
import { creationWithUpload } from './creation-with-upload.ts'
import { edgesOfBodies } from './beyond-spec-bodies.ts'
import { edgesOfFields } from './beyond-spec-fields.ts'
import { edgesOfJoining } from './beyond-spec-concatenation.ts'
import { expiration } from './expiration.ts'
import { termination } from './termination.ts'

/** Every sentence of tus 1.0 that says what a server must, should or may do, by extension. */
export const specification: readonly Chapter[] = [
  {
    title: 'Core protocol',
    conversations: [...coreHeaders, ...coreHead, ...corePatch, ...coreOptions],
  },
  {
    title: 'Creation',
    conversations: [...creation, ...creationMetadata, ...creationDeferLength],
  },
  { title: 'Creation with upload', conversations: creationWithUpload },
  { title: 'Expiration', conversations: expiration },
  { title: 'Checksum', conversations: [...checksum, ...checksumTrailer] },
  { title: 'Termination', conversations: termination },
  {
    title: 'Concatenation',
    conversations: [...concatenation, ...concatenationHead, ...concatenationUnfinished],
  },
]

/** What the text leaves open and clients meet all the same. */
export const beyondTheText: Chapter = {
  title: 'Beyond the text',
  conversations: [...edgesOfBodies, ...edgesOfFields, ...edgesOfJoining],
}
