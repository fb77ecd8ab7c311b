import type { Right } from '@tusker/content'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** The users and their rights. */
export interface Users {
  /** Passwords by name, plain or hashed. */
  readonly users: Readonly<Record<string, string>>
  /** Rights by path and name. `*` stands for every signed-in user. */
  readonly rights: Readonly<Record<string, Readonly<Record<string, readonly Right[]>>>>
}

const rights = z.array(z.enum(['view', 'add', 'modify', 'manage']))

const UsersFile = z.strictObject({
  users: z.record(z.string(), z.string()),
  rights: z.record(z.string(), z.record(z.string(), rights)),
})

/** The users for a first try on one's own machine. The README describes them. */
export const DEVELOPMENT_USERS: Users = {
  users: { admin: 'secret' },
  rights: { '/': { admin: ['view', 'add', 'modify', 'manage'] } },
}

/** An account for trying out the demo. */
export interface DemoAccount {
  readonly name: string
  readonly password: string
}

/** The account that the sign-in page may show; null for all users but the development ones. */
export function demoAccountOf(users: Users): DemoAccount | null {
  if (users !== DEVELOPMENT_USERS) return null
  const [account] = Object.entries(users.users)
  return account === undefined ? null : { name: account[0], password: account[1] }
}

/**
 * Reads a users file.
 *
 * @throws Error that names every fault of the file
 */
export async function readUsers(path: string): Promise<Users> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error('USERS_FILE: cannot be read')
  })
  const result = UsersFile.safeParse(parseJson(text))
  if (result.success) return result.data
  const problems = result.error.issues.map(
    (issue) => `USERS_FILE: ${issue.path.join('.')}: ${issue.message}`,
  )
  throw new Error(problems.join('\n'))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('USERS_FILE: is not JSON')
  }
}
