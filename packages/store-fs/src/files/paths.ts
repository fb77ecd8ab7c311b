import { sep } from 'node:path'

/**
 * The paths of the files in a directory of uploads. An id cannot contain a `~`, so the files of one upload
 * cannot have the name of another upload.
 */
export interface Layout {
  readonly directory: string
  /** The data file. It is named by the id if `name` is null, else by the name in the record. */
  data(id: string, name: string | null): string
  record(id: string): string
  /** The file in which a record continues, until it is renamed over the old record. */
  nextRecord(id: string, name: string): string
  /** The record of a removed upload, some of whose files may remain. */
  removed(id: string): string
  /** The directory with one file for each process that holds leases or waits for them. */
  readonly processes: string
  /** The id of the upload whose record has this file name; null for other files. */
  idOf(fileName: string): string | null
  /** The id of the upload whose bytes were moved to this file; null for other files. */
  idOfMoved(fileName: string): string | null
  /** The id of the removed upload to which this file belongs; null for other files. */
  idOfRemoved(fileName: string): string | null
  /** The id of the upload whose record may continue in this file; null for other files. */
  idOfNext(fileName: string): string | null
}

const RECORD = '~record.jsonl'
const NEXT = '~next-record-'
const DATA = '~data-'
const REMOVED = '~removed'

/** @param directory an absolute path */
export function layoutOf(directory: string): Layout {
  // Not `join`, which parses the paths first: every request makes these paths.
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
