import { describeRefusals } from '@tusker/testing'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileLocker } from '../src/index.ts'
import { openInTemp } from './support/open-in-temp.ts'

/** Names and content of all files. A server's own file, which says that it lives, is left out. */
async function contentOf(directory: string): Promise<string> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = names.filter(
    (entry) => !entry.parentPath.includes('~') && !entry.name.includes('~processes'),
  )
  const lines = files.map(async (entry) => {
    const content = entry.isFile()
      ? await readFile(join(entry.parentPath, entry.name), 'latin1')
      : ''
    return `${entry.name} ${content}`
  })
  return (await Promise.all(lines)).sort().join('\n')
}

describeRefusals('fs', async () => {
  const opened = await openInTemp()
  return { ...opened, snapshot: () => contentOf(opened.directory) }
})

describeRefusals('fs with a file locker', async () => {
  const opened = await openInTemp()
  return {
    ...opened,
    locker: () => fileLocker({ directory: opened.directory }),
    snapshot: () => contentOf(opened.directory),
  }
})
