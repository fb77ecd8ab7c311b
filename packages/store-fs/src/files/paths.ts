import { sep } from 'node:path'

/**
 * Where things lie. Ids cannot hold a `~`, so nothing that belongs to one upload can bear the name of
 * another.
 */
export interface Layout {
  readonly directory: string
  /** The bytes: in a file that is called as the upload is, or in the one that its record names. */
  data(id: string, name: string | null): string
  record(id: string): string
  /** The file a record goes on in while it is written anew. */
  nextRecord(id: string, name: string): string
  /** The record of an upload that is being removed: the upload is gone, its files may not be. */
  removed(id: string): string
  /** The directory with a file of each process that holds leases, or waits for some. */
  readonly processes: string
  /** The id of the upload whose record has this file name; null for other files. */
  idOf(fileName: string): string | null
  /** The id of the upload whose bytes were moved to this file; null for other files. */
  idOfMoved(fileName: string): string | null
  /** The id of the upload whose removal this file name tells of; null for other files. */
  idOfRemoved(fileName: string): string | null
  /** The id of the upload whose record was to go on in this file; null for other files. */
  idOfNext(fileName: string): string | null
}

const RECORD = '~record.jsonl'
const NEXT = '~next-record-'
const DATA = '~data-'
const REMOVED = '~removed'

/** @param directory an absolute path */
export function layoutOf(directory: string): Layout {
  // Not `join`, which takes paths apart first: these are made for every request.
  const base = directory.endsWith(sep) ? directory : `${directory}${sep}`
  return {
    directory,
    data: (id, name) => (name === null ? `${base}${id}` : `${base}${id}${DATA}${name}`),
    record: (id) => `${base}${id}${RECORD}`,
    nextRecord: (id, name) => `${base}${id}${NEXT}${name}`,
    removed: (id) => `${base}${id}${REMOVED}`,
    processes: `${base}~processes`,
    idOf: (name) => before(RECORD, name),
    idOfRemoved: (name) => before(REMOVED, name),
    idOfNext: (name) => upTo(NEXT, name),
    idOfMoved: (name) => upTo(DATA, name),
  }
}

function before(suffix: string, name: string): string | null {
  return name.endsWith(suffix) ? name.slice(0, -suffix.length) : null
}

function upTo(mark: string, name: string): string | null {
  return name.includes(mark) ? name.slice(0, name.indexOf(mark)) : null
}
