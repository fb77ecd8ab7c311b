import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { demoAccountOf, DEVELOPMENT_USERS, readUsers } from './users.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tusker-users-'))
})
afterEach(() => rm(directory, { recursive: true }))

async function read(text: string): ReturnType<typeof readUsers> {
  const file = join(directory, 'users.json')
  await writeFile(file, text)
  return readUsers(file)
}

it('readUsers returns the users and rights of a file', async () => {
  const users = { users: { ada: 'x' }, rights: { '/': { ada: ['view', 'manage'], '*': [] } } }
  expect(await read(JSON.stringify(users))).toEqual(users)
})

it.each([
  ['{', 'is not JSON'],
  ['{}', 'users'],
  ['{"users":{"ada":1},"rights":{}}', 'users.ada'],
  ['{"users":{},"rights":{"/":{"ada":["fly"]}}}', 'rights./.ada.0'],
  ['{"users":{},"rights":{},"more":1}', 'more'],
])('readUsers rejects %s and says why', async (text, why) => {
  await expect(read(text)).rejects.toThrow(why)
})

it('readUsers reports a missing file without its path', async () => {
  await expect(readUsers(join(directory, 'none'))).rejects.toThrow(/^USERS_FILE: cannot be read$/)
})

it('only the development users have an account that the sign-in page shows', async () => {
  expect(demoAccountOf(DEVELOPMENT_USERS)).toEqual({ name: 'admin', password: 'secret' })
  const own = await read(JSON.stringify(DEVELOPMENT_USERS))
  expect(demoAccountOf(own)).toBeNull()
})
