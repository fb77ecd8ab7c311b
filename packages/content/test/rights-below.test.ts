import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { basicAccess } from '../src/index.ts'
import type { ContentAccess } from '../src/index.ts'
import type { TestContent } from './support/test-content.ts'
import { asAnn, asBob, testContent } from './support/test-content.ts'

const FOLDER = { 'content-type': 'application/json', ...asAnn }
const all = ['view', 'add', 'modify'] as const
const access = basicAccess({
  users: { ann: 'secret', bob: 'secret' },
  rights: {
    '/': { ann: all },
    '/team': { bob: all },
    '/team/a/private': { bob: [] },
    '/team/nothing': { bob: [] },
  },
})
const { pathsWithRules: _, ...withoutPaths } = access

describe.each<[string, ContentAccess]>([
  ['basic access', access],
  ['an access without a list of rules', withoutPaths],
])('the removal of a folder, with %s,', (_name, given) => {
  let content: TestContent
  beforeEach(async () => {
    content = await testContent({ access: given })
    for (const [place, title] of [
      ['/content', 'team'],
      ['/content/team', 'a'],
      ['/content/team', 'free'],
      ['/content/team/a', 'private'],
    ] as const) {
      const body = JSON.stringify({ '@type': 'Folder', title })
      expect((await content.send(`POST ${place}`, FOLDER, body)).status).toBe(201)
    }
  })
  afterEach(() => content.end())

  it.each(['/content/team', '/content/team/a'])(
    'is refused at %s while a folder below is closed to the user',
    async (place) => {
      const response = await content.send(`DELETE ${place}`, asBob)
      expect(response.status).toBe(403)
      expect(response.text).not.toContain('private')
      const found = await content.send('GET /content/team/a/private', asAnn)
      expect(found.status).toBe(200)
    },
  )

  it('is possible when nothing below is closed to the user', async () => {
    expect((await content.send('DELETE /content/team/free', asBob)).status).toBe(204)
    expect((await content.send('DELETE /content/team', asAnn)).status).toBe(204)
  })

  it('is not refused because of a rule for a path where nothing is', async () => {
    expect((await content.send('DELETE /content/team/a/private', asAnn)).status).toBe(204)
    expect((await content.send('DELETE /content/team', asBob)).status).toBe(204)
  })
})
