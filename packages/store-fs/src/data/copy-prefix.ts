import { constants } from 'node:fs'
import { copyFile, writeFile } from 'node:fs/promises'
import { pooled } from '../files/file-calls.ts'
import type { Durability } from '../files/disk.ts'
import { syncFile, withFile } from '../files/disk.ts'

/**
 * Copies the first `length` bytes of a file. The new file holds only these bytes, even if another process
 * writes to the old file meanwhile.
 */
export async function copyCounted(
  from: string,
  to: string,
  length: number,
  durability: Durability,
): Promise<void> {
  // The file system shares the blocks where it can. Otherwise the kernel copies them.
  if (length === 0) await writeFile(to, '')
  else await copyFile(from, to, constants.COPYFILE_FICLONE)
  await withFile(pooled, to, constants.O_RDWR, async (file) => {
    await pooled.truncate(file, length)
    if (durability === 'power-loss') await syncFile(file)
  })
}
