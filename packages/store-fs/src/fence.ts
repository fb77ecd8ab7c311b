import type { UploadRecord } from '@tusker/core'
import { constants } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { pooled } from './calls.ts'
import type { Disk } from './disk.ts'
import { replace, syncDirectory, syncFile, withFile } from './disk.ts'

/**
 * Gives the bytes that count a file of their own. Whoever was overtaken has at most the old one open, and
 * what is still written there changes nothing: since every writer opens the file first and only then asks
 * the record whether it still holds the upload, none can open the new one and write to it.
 *
 * To be called under a token that the record has noted.
 */
export async function fenceOff(disk: Disk, { upload }: UploadRecord): Promise<void> {
  const { layout, durability } = disk
  const path = layout.data(upload.id)
  if (upload.offset === 0) await rm(path, { force: true })
  else await replace(path, (fresh) => copyCounted(path, fresh, upload.offset, durability))
  if (durability === 'power-loss') await syncDirectory(path)
}

async function copyCounted(
  from: string,
  to: string,
  length: number,
  durability: Disk['durability'],
): Promise<void> {
  // Shared, where the file system can do that, else copied by the kernel.
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  await withFile(pooled, to, constants.O_RDWR, async (file) => {
    await pooled.truncate(file, length)
    if (durability === 'power-loss') await syncFile(file)
  })
}
