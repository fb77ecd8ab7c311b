import { execFileSync } from 'node:child_process'
import { appendFile, readdir, readFile, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fsStore } from './index.ts'
import type { TempStore } from './testing/open-in-temp.ts'
import { openInTemp } from './testing/open-in-temp.ts'
import { ALONE, pieces, uploadOf } from './testing/uploads.ts'

const ACCEPTED = { kind: 'accepted', location: null, answer: null } as const

describe('a store whose files were tampered with', () => {
  let opened: TempStore
  let data: string
  let record: string
  beforeEach(async () => {
    opened = await openInTemp()
    data = join(opened.directory, 'u1')
    record = join(opened.directory, 'u1~record.json')
    await opened.store.create(uploadOf('u1'))
    await opened.store.append('u1', 0, pieces('hello'), ALONE)
  })
  afterEach(() => opened.dispose())

  const text = async (id = 'u1'): Promise<string> => {
    const { offset } = (await opened.store.find(id)) ?? { offset: 0 }
    let read = ''
    for await (const chunk of opened.store.read(id, 0, offset))
      read += Buffer.from(chunk).toString()
    return read
  }

  it.each(['', '{', '{}', 'null', '[]', '{"version":2}'])(
    'calls a record "%s" damaged',
    async (content) => {
      await writeFile(record, content)
      await expect(opened.store.find('u1')).rejects.toMatchObject({ code: 'damaged' })
    },
  )

  it('calls a record that was cut off damaged, wherever', async () => {
    const whole = await readFile(record, 'utf8')
    for (let length = 0; length < whole.length; length += 1) {
      await writeFile(record, whole.slice(0, length))
      await expect(opened.store.find('u1')).rejects.toMatchObject({ code: 'damaged' })
    }
  })

  it('calls an upload damaged whose bytes are missing', async () => {
    await truncate(data, 4)
    await expect(opened.store.find('u1')).rejects.toMatchObject({ code: 'damaged' })
  })

  it('counts no foreign bytes behind the offset, and writes over them', async () => {
    await appendFile(data, 'XXXXXXXXXXXX')
    expect(await opened.store.find('u1')).toMatchObject({ offset: 5 })
    expect(await opened.store.append('u1', 5, pieces('world'), ALONE)).toBe(10)
    expect(await text()).toBe('helloworld')
    await opened.store.finish('u1', ACCEPTED, null)
    expect(await readFile(data, 'utf8')).toBe('helloworld')
  })

  it('publishes no foreign bytes', async () => {
    await appendFile(data, 'XXXX')
    const to = join(opened.directory, 'published')
    await opened.store.linkTo('u1', to)
    expect(await readFile(to, 'utf8')).toBe('hello')
  })

  it('publishes again what was published, and in place of half a copy', async () => {
    const to = join(opened.directory, 'published')
    await writeFile(to, 'hel')
    await opened.store.linkTo('u1', to)
    await opened.store.linkTo('u1', to)
    expect(await readFile(to, 'utf8')).toBe('hello')
  })

  it('publishes by a copy where links cannot be made', async () => {
    const to = `/dev/shm/tusker-published-${process.pid}`
    await opened.store.linkTo('u1', to)
    expect(await readFile(to, 'utf8')).toBe('hello')
    execFileSync('rm', [to])
  })

  it('clears away what crashes left behind, and not what is being made', async () => {
    const old = join(opened.directory, 'u2~record.json.1-1-1.tmp')
    const fresh = join(opened.directory, 'u3~record.json.1-1-2.tmp')
    for (const path of [old, fresh]) await writeFile(path, '{')
    await utimes(old, 0, 0)
    for await (const id of opened.store.list()) expect(id).toBe('u1')
    expect((await readdir(opened.directory)).sort()).toEqual(
      ['u1', 'u1~record.json', 'u3~record.json.1-1-2.tmp'].sort(),
    )
  })
})

describe('a store in trouble', () => {
  let opened: TempStore
  beforeEach(async () => {
    opened = await openInTemp()
  })
  afterEach(() => opened.dispose())

  it('finds nothing in a directory that is not there', async () => {
    const store = fsStore({ directory: join(opened.directory, 'none') })
    expect(await store.find('u1')).toBeNull()
    for await (const id of store.list()) throw new Error(`found ${id}`)
  })

  it('keeps what it could write when the disk takes no more', async () => {
    await opened.store.create(uploadOf('u1', { length: 200_000 }))
    // A real limit on the size of files, in blocks of 1024 bytes, for a process of its own.
    const script = `
      import { fsStore } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
      process.on('SIGXFSZ', () => {})
      const store = fsStore({ directory: ${JSON.stringify(opened.directory)} })
      async function* body() { for (let i = 0; i < 20; i += 1) yield Buffer.alloc(10_000, i) }
      await store.append('u1', 0, body(), { token: null }).then(
        () => console.log('no error'),
        (error) => console.log(error.code),
      )
    `
    const node = `${process.execPath} --conditions=@tusker/source --import tsx --input-type=module`
    const told = execFileSync('bash', ['-c', `ulimit -f 100; ${node} -e "$SCRIPT"`], {
      env: { ...process.env, SCRIPT: script },
      encoding: 'utf8',
    })
    expect(told.trim()).toBe('EFBIG')
    const offset = (await opened.store.find('u1'))?.offset ?? 0
    expect(offset).toBe(100 * 1024)
    let at = 0
    for await (const chunk of opened.store.read('u1', 0, offset)) {
      for (const byte of chunk) expect(byte).toBe(Math.floor(at++ / 10_000))
    }
  })

  it('leaves no file open behind hundreds of appends that were cut off', async () => {
    const open = async (): Promise<number> => (await readdir('/proc/self/fd')).length
    await opened.store.create(uploadOf('u0', { length: null }))
    await opened.store.append('u0', 0, pieces('x'), ALONE)
    const before = await open()
    for (let index = 1; index <= 500; index += 1) {
      await opened.store.create(uploadOf(`u${index}`, { length: null }))
      const wrong = (): Promise<boolean> => Promise.reject(new Error('cut off'))
      await opened.store.appendVerified(`u${index}`, 0, pieces('x'), wrong, ALONE).catch(() => {})
      await opened.store.append(`u${index}`, 0, pieces('x'), ALONE)
    }
    expect(await open()).toBeLessThanOrEqual(before + 2)
  })
})
