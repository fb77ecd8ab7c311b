import { checksum } from './checksum.ts'
import { checksumTrailer } from './checksum-trailer.ts'
import { concatenation } from './concatenation.ts'
import { concatenationHead } from './concatenation-head.ts'
import { concatenationUnfinished } from './concatenation-unfinished.ts'
import type { Conversation, Part } from '../runner/conversation.ts'
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

/** The name of a chapter. */
export type ChapterName =
  | 'headers'
  | 'head'
  | 'patch'
  | 'options'
  | 'creation'
  | 'creation-metadata'
  | 'creation-defer-length'
  | 'creation-with-upload'
  | 'expiration'
  | 'checksum'
  | 'checksum-trailer'
  | 'termination'
  | 'concatenation'
  | 'concatenation-head'
  | 'concatenation-unfinished'
  | 'beyond-spec-bodies'
  | 'beyond-spec-fields'
  | 'beyond-spec-concatenation'

/**
 * The chapters of tus 1.0 and of what it leaves open, by the name of their file in this folder. A test
 * can ask for some of them: see `TusOptions.chapters`.
 */
const CHAPTERS: Record<ChapterName, readonly Conversation[]> = {
  headers: coreHeaders,
  head: coreHead,
  patch: corePatch,
  options: coreOptions,
  creation,
  'creation-metadata': creationMetadata,
  'creation-defer-length': creationDeferLength,
  'creation-with-upload': creationWithUpload,
  expiration,
  checksum,
  'checksum-trailer': checksumTrailer,
  termination,
  concatenation,
  'concatenation-head': concatenationHead,
  'concatenation-unfinished': concatenationUnfinished,
  'beyond-spec-bodies': edgesOfBodies,
  'beyond-spec-fields': edgesOfFields,
  'beyond-spec-concatenation': edgesOfJoining,
}

/** Every sentence of tus 1.0 that says what a server must, should or may do, and what it leaves open. */
export const specification: readonly Part[] = [
  part('Core protocol', 'headers', 'head', 'patch', 'options'),
  part('Creation', 'creation', 'creation-metadata', 'creation-defer-length'),
  part('Creation with upload', 'creation-with-upload'),
  part('Expiration', 'expiration'),
  part('Checksum', 'checksum', 'checksum-trailer'),
  part('Termination', 'termination'),
  part('Concatenation', 'concatenation', 'concatenation-head', 'concatenation-unfinished'),
  part('Beyond the text', 'beyond-spec-bodies', 'beyond-spec-fields', 'beyond-spec-concatenation'),
]

function part(title: string, ...names: ChapterName[]): Part {
  return { title, chapters: names.map((name) => ({ name, conversations: CHAPTERS[name] })) }
}
