import type {
  CompletionResult,
  UploadDigest,
  UploadInfo,
  UploadMetadata,
  UploadStore,
  WithMetadata,
} from '@tusker/core'
import {
  checkOptions,
  fileNameOf,
  isUploadId,
  numberedFileNames,
  optionRules,
  parseMetadata,
  relativePathOf,
  safeFileName,
  UploadError,
} from '@tusker/core'
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isCode, orAbsent } from '../files/disk.ts'
import { makeDirectory } from '../files/make-directory.ts'
import { linkExclusive, linkOver } from './link-exclusive.ts'

/** A store whose completed uploads can appear as files: `fsStore`. */
export type ExportingStore = Pick<UploadStore, 'find'> & {
  /** Makes the bytes of a completed upload appear at `path`, whole. */
  exportTo(id: string, path: string): Promise<void>
}

/** A completed upload as a file. */
export interface SavedFile {
  /** The path within the directory, with `/` between its segments: `notes (2).txt`. */
  readonly name: string
  /** The absolute path. */
  readonly path: string
}

/** How completed uploads are saved. */
export interface SaveAsOptions {
  /** Where the files appear. It is created when it is missing. Not the directory of the store. */
  readonly directory: string
  /**
   * What happens when the name is taken. `number`, the default, saves `notes (2).txt` beside
   * `notes.txt`; `replace` replaces the other file in one step; `reject` rejects the upload.
   */
  readonly conflict?: 'number' | 'replace' | 'reject'
  /**
   * Saves files of a dropped folder in the same folders, as `relativePath` in the metadata says. False
   * by default: all files appear directly in `directory`.
   */
  readonly relativePath?: boolean
  /**
   * False removes the bytes of the upload once the file is saved, so that removing the file frees their
   * space. Downloads of the upload are then 410. True by default.
   */
  readonly keepBytes?: boolean
  /**
   * Called with the file before the upload is recorded as complete. Its result is that of the hook: for
   * example the `location` that the client gets. It may be called again after a crash.
   */
  readonly onSaved?: (
    file: SavedFile,
    upload: UploadInfo & WithMetadata<unknown>,
  ) => CompletionResult | void | Promise<CompletionResult | void>
}

/** A hook that saves completed uploads as files: give it to `hooks.onComplete`. */
export type SaveAsHook = (
  upload: UploadInfo & WithMetadata<unknown>,
  context?: unknown,
  digest?: UploadDigest | null,
) => Promise<CompletionResult | void>

/** Milliseconds after a file was saved until its staged link is removed. */
const TIDY_AFTER = 2_000
/** The directory, within `directory`, of files whose upload is not recorded as complete yet. */
const STAGING = '.tusker'

/**
 * Saves each completed upload as a file under the name that its client sent (`filename` or `name` in
 * the metadata), cleaned by `safeFileName`.
 *
 * A file appears in one step and whole. The hook may run again for the same upload, after a crash or a
 * lost response: it then finds its file and saves no second one. Where the file system has links, the
 * file and the upload share their bytes.
 *
 * ```ts
 * hooks: { onComplete: saveAs(store, { directory: './incoming' }) }
 * ```
 *
 * @throws TypeError when an option is not valid
 */
export function saveAs(store: ExportingStore, options: SaveAsOptions): SaveAsHook {
  const { directory, conflict, relativePath, keepBytes, onSaved } = checked(options)
  const staging = join(directory, STAGING)
  /** Uploads whose hook runs now: their staged files are in use. */
  const running = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | null = null

  /** The staged file, by which a second run knows the file that the first one saved. */
  async function stage(id: string): Promise<string> {
    const staged = join(staging, id)
    if (!(await exists(staged))) {
      await makeDirectory(staging)
      await store.exportTo(id, staged)
    }
    return staged
  }

  const noteOf = (id: string): string => join(staging, `${id}~name`)

  /** Without links the staged file is moved away: a note then says where the file of an upload is. */
  async function note(id: string, name: string): Promise<void> {
    await writeFile(noteOf(id), name)
  }

  /** Finds the file that an earlier run moved, or was about to move, to the name that it noted. */
  async function findMoved(id: string): Promise<SavedFile | null> {
    const name = await orAbsent(() => readFile(noteOf(id), 'utf8'))
    if (name === null) return null
    const path = join(directory, name)
    const staged = join(staging, id)
    if (await exists(staged)) await rename(staged, path)
    return (await exists(path)) ? { name, path } : null
  }

  async function save(upload: UploadInfo): Promise<SavedFile> {
    const moved = await findMoved(upload.id)
    if (moved !== null) return moved
    const staged = await stage(upload.id)
    const segments = segmentsOf(upload, relativePath)
    const fileName = segments.at(-1) ?? upload.id
    const folder = segments.slice(0, -1)
    if (folder.length > 0) await makeFolder(join(directory, ...folder))
    for (const candidate of numberedFileNames(fileName)) {
      const name = [...folder, candidate].join('/')
      const path = join(directory, name)
      if (conflict === 'replace') {
        await linkOver(staged, path)
        return { name, path }
      }
      if (await linkExclusive(staged, path, () => note(upload.id, name))) return { name, path }
      if (conflict === 'reject') {
        throw new UploadError('rejected', `a file named ${fileName} already exists`)
      }
    }
    throw new Error('no name was free')
  }

  /** Removes staged files of uploads whose outcome is recorded: their hook never runs again. */
  async function tidy(): Promise<void> {
    for (const name of (await orAbsent(() => readdir(staging))) ?? []) {
      const [id = ''] = name.split('~', 1)
      if (!isUploadId(id) || running.has(id)) continue
      const upload = await store.find(id)
      if (upload === null || upload.outcome !== null) await rm(join(staging, name), { force: true })
    }
  }

  function tidySoon(): void {
    if (timer !== null) return
    timer = setTimeout(() => {
      timer = null
      // Only a link is left behind. The next run of the hook tries again.
      tidy().catch(() => {})
    }, TIDY_AFTER)
    timer.unref()
  }

  tidySoon()
  return async (upload) => {
    running.add(upload.id)
    try {
      const result = (await onSaved(await save(upload), upload)) ?? {}
      return keepBytes ? result : { keepBytes, ...result }
    } finally {
      running.delete(upload.id)
      tidySoon()
    }
  }
}

function segmentsOf(upload: UploadInfo, relativePath: boolean): readonly string[] {
  const metadata: UploadMetadata = parseMetadata(upload.metadata) ?? new Map()
  const segments = relativePath ? relativePathOf(metadata) : []
  return segments.length > 0 ? segments : [safeFileName(fileNameOf(metadata), upload.id)]
}

async function makeFolder(path: string): Promise<void> {
  try {
    await makeDirectory(path)
  } catch (error) {
    if (!isCode(error, 'EEXIST', 'ENOTDIR')) throw error
    throw new UploadError('rejected', 'a file has the name of a folder of this upload', {
      cause: error,
    })
  }
}

const RULES = {
  directory: optionRules.required({ ...optionRules.text, allowed: 'the path of a directory' }),
  conflict: optionRules.oneOf('number', 'replace', 'reject'),
  relativePath: optionRules.flag,
  keepBytes: optionRules.flag,
  onSaved: optionRules.callback,
}

function checked(options: SaveAsOptions): Required<SaveAsOptions> {
  checkOptions('saveAs', options, RULES)
  const {
    directory,
    conflict = 'number',
    relativePath = false,
    keepBytes = true,
    onSaved = () => undefined,
  } = options
  return { directory: resolve(directory), conflict, relativePath, keepBytes, onSaved }
}

async function exists(path: string): Promise<boolean> {
  return (await orAbsent(() => stat(path))) !== null
}
