import type { ContentField, ContentTree, NewBlob } from '../../src/tree/content-tree.ts'
import { freeNames } from '../../src/paths/names.ts'

const CHUNK_BYTES = 16 * 1024

/** Adds what upload `number` brings. All are called the same, so that they compete for ids. */
export async function addNumbered(tree: ContentTree, number: number): Promise<void> {
  const result = await tree.add('/', {
    names: freeNames({ id: 'file.bin', title: null }, 'file'),
    type: 'File',
    container: false,
    primaryField: 'file',
    blob: blobOf(`add-${number}`, number),
  })
  if (result.kind !== 'added') throw new Error(`upload ${number} could not be added`)
}

/** Replaces the bytes of the one object that all numbers replace. */
export async function replaceNumbered(tree: ContentTree, number: number): Promise<void> {
  const object = await tree.find('/shared.bin')
  if (object === null) throw new Error('the object to replace is gone')
  await tree.replace('/shared.bin', object.uid, blobOf(`replace-${number}`, number))
}

/** Makes the object that is replaced. */
export async function addShared(tree: ContentTree): Promise<void> {
  await tree.add('/', {
    names: [{ id: 'shared.bin', title: null }],
    type: 'File',
    container: false,
    primaryField: 'file',
    blob: blobOf('shared', 0),
  })
}

/** Reads a field to its end; null when it was replaced before it could be opened. */
export async function readNumber(field: ContentField): Promise<number | null> {
  const open = await field.open()
  if (open === null) return null
  const seen = new Set<number>()
  let length = 0
  for await (const chunk of open.read(0, field.length)) {
    length += chunk.byteLength
    for (const byte of chunk) seen.add(byte)
  }
  await open.close()
  const [byte] = seen
  if (seen.size !== 1 || byte === undefined || length !== lengthOf(byte)) {
    throw new Error(`torn: ${seen.size} kinds of bytes, ${length} in all`)
  }
  return byte
}

// Every upload is recognisable by its bytes, and its length follows from them.
function lengthOf(byte: number): number {
  return (1 + (byte % 5)) * CHUNK_BYTES
}

function blobOf(upload: string, number: number): NewBlob {
  const byte = number % 251
  return {
    field: 'file',
    mediaType: 'application/octet-stream',
    fileName: null,
    upload,
    source: {
      length: lengthOf(byte),
      async *read() {
        for (let sent = 0; sent < lengthOf(byte); sent += CHUNK_BYTES) {
          yield new Uint8Array(CHUNK_BYTES).fill(byte)
        }
      },
    },
  }
}
