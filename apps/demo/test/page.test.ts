import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasBrowser } from './support/browser.ts'
import { addFile, addFolder } from './support/content.ts'
import { SIGNED_IN } from './support/demo-process.ts'
import { randomFile, sha256OfFile, sha256OfUrl } from './support/files.ts'
import { focused } from './support/keyboard.ts'
import type { PageTests } from './support/page.ts'
import {
  choose,
  item,
  PAGE_TIME,
  pageTests,
  PATIENCE,
  reached,
  upload,
  uploadRow,
} from './support/page.ts'
import { dropOn, outlined, pixels, widthOf } from './support/page-files.ts'

describe.skipIf(!hasBrowser)('the page of files', PAGE_TIME, () => {
  let tests: PageTests
  beforeAll(async () => {
    tests = await pageTests()
  }, PAGE_TIME.timeout)
  beforeEach(() => tests.clear())
  afterEach((context) => tests?.endVisits(context))
  afterAll(() => tests?.end())

  const urlOf = (path: string): string => `${tests.demo.url}/content/${path}`

  async function fileOf(name: string, bytes: string | Uint8Array): Promise<string> {
    const path = join(tests.directory, name)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, bytes)
    return path
  }

  it('signs a user in, focuses the heading, and explains a wrong password', async () => {
    const { page, picture } = await tests.visit({ user: null })
    await page.getByText('Demo: admin / secret').waitFor()
    await page.getByLabel('Name').fill('admin')
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').filter({ hasText: 'Wrong name or password.' }).waitFor()
    await picture('sign-in-refused')
    await page.getByLabel('Password').fill('secret')
    await page.getByLabel('Password').press('Enter')
    await page.getByRole('button', { name: 'New folder' }).waitFor()
    expect(await focused(page)).toBe('Files')
    await page.reload()
    await page.getByRole('button', { name: 'New folder' }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Password').waitFor()
    await page.reload()
    await page.getByLabel('Password').waitFor()
  })

  it('creates, opens and deletes folders', async () => {
    const { page, picture } = await tests.visit()
    await page.getByRole('button', { name: 'New folder' }).click()
    const dialog = page.getByRole('dialog', { name: 'New folder' })
    await dialog.getByLabel('Name').fill('Übungen 2026')
    await picture('new-folder')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await page.getByText('Folder “Übungen 2026” created.').waitFor()
    await item(page, 'Übungen 2026').click()
    const heading = page.getByRole('heading', { level: 1, name: 'Übungen 2026' })
    await heading.waitFor()
    await picture('empty-folder')
    await page.reload()
    await heading.waitFor()
    await page.goBack()
    await choose(page, 'Übungen 2026', 'Delete…')
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('“Übungen 2026” deleted.').waitFor()
    await item(page, 'Übungen 2026').waitFor({ state: 'detached' })
    await page.goto(`${tests.demo.url}/#/none`)
    await page.getByRole('heading', { name: 'Folder not found' }).waitFor()
    await picture('no-such-folder')
  })

  it('uploads a chosen file with a name in another script, and downloads it', async () => {
    const name = '世界 – plän.bin'
    const path = join(tests.directory, name)
    const digest = await randomFile(path, 300_000)
    const { page, picture } = await tests.visit()
    await upload(page, path)
    await reached(page, name, 'completed')
    await picture('uploaded')
    const [download] = await Promise.all([page.waitForEvent('download'), item(page, name).click()])
    expect(download.suggestedFilename()).toBe(name)
    expect(await sha256OfFile(await download.path())).toBe(digest)
  })

  it('uploads a chosen folder with everything in it', async () => {
    await fileOf('chosen/one.txt', 'one')
    await fileOf('chosen/deep/two words.txt', 'two')
    const { page } = await tests.visit()
    await page.getByRole('button', { name: 'Upload', exact: true }).click()
    const dialog = page.locator('.uppy-Dashboard--modal')
    await dialog.locator('input[webkitdirectory]').setInputFiles(join(tests.directory, 'chosen'))
    await dialog.getByRole('button', { name: /^Upload 2 files/ }).click()
    await reached(page, 'one.txt', 'completed')
    await reached(page, 'two words.txt', 'completed')
    await item(page, 'chosen').click()
    await item(page, 'deep').click()
    await item(page, 'two words.txt').waitFor()
  })

  it('uploads dropped files to the folder under the pointer, outlines it, and links to it', async () => {
    await addFolder(tests.demo, '', 'inbox')
    await fileOf('dropped/sub/inside.txt', 'inside')
    const single = await fileOf('single.txt', 'single')
    const { page, picture } = await tests.visit()
    await item(page, 'inbox').waitFor()
    await dropOn(page, page.getByRole('main'), {
      paths: [single, join(tests.directory, 'dropped')],
      over: async () => {
        await page.getByText('Drop to upload to “Files”').waitFor()
        await expect.poll(() => outlined(page)).toEqual(['the page'])
        await picture('dropping-on-page')
      },
    })
    await reached(page, 'single.txt', 'completed')
    await reached(page, 'inside.txt', 'completed')
    await uploadRow(page, 'inside.txt').getByRole('link', { name: '→ sub' }).waitFor()
    expect(
      await (await fetch(urlOf('dropped/sub/inside.txt'), { headers: SIGNED_IN })).text(),
    ).toBe('inside')
    // The list must not move while files are dropped on a row.
    await item(page, 'dropped').waitFor()
    await item(page, 'single.txt').waitFor()
    await dropOn(page, item(page, 'inbox'), {
      paths: [await fileOf('second.txt', 'second')],
      over: async () => {
        await page.getByText('Drop to upload to “inbox”').waitFor()
        await expect.poll(() => outlined(page)).toEqual(['inbox'])
        await picture('dropping-on-folder')
      },
    })
    await reached(page, 'second.txt', 'completed')
    await uploadRow(page, 'second.txt').getByRole('link', { name: '→ inbox' }).click()
    await page.getByRole('heading', { level: 1, name: 'inbox' }).waitFor()
    await item(page, 'second.txt').waitFor()
    expect((await fetch(urlOf('inbox/second.txt'), { headers: SIGNED_IN })).status).toBe(200)
  })

  it('asks once per batch before it makes duplicates: keep both, replace or skip', async () => {
    await addFile(tests.demo, '', { name: 'a.txt', bytes: 'old a' })
    await addFile(tests.demo, '', { name: 'notes.txt', bytes: 'old notes' })
    const { page, picture } = await tests.visit()
    const names = (): Promise<string[]> =>
      page.getByRole('main').locator('tbody .name').allTextContents()
    const content = async (name: string): Promise<string> =>
      (await fetch(urlOf(name), { headers: SIGNED_IN })).text()
    await item(page, 'notes.txt').waitFor()
    const batch = ['a', 'notes', 'third'].map((name) => fileOf(`${name}.txt`, `new ${name}`))
    await upload(page, ...(await Promise.all(batch)))
    const dialog = page.getByRole('dialog')
    await page.getByRole('dialog', { name: '2 files already exist in “Files”' }).waitFor()
    await picture('conflicts')
    await dialog.getByRole('button', { name: 'Keep both' }).click()
    await item(page, 'notes (2).txt').waitFor()
    await item(page, 'third.txt').waitFor()
    await item(page, 'a (2).txt').waitFor()
    expect(await content('notes.txt')).toBe('old notes')

    await upload(page, await fileOf('notes.txt', 'replaced'))
    await page.getByRole('dialog', { name: '“notes.txt” already exists' }).waitFor()
    await picture('conflict')
    await dialog.getByRole('button', { name: 'Replace' }).click()
    await expect.poll(() => content('notes.txt'), { timeout: PATIENCE }).toBe('replaced')

    await upload(page, await fileOf('notes.txt', 'skipped'), await fileOf('fourth.txt', '4'))
    await dialog.getByRole('button', { name: 'Skip' }).click()
    await item(page, 'fourth.txt').waitFor()
    expect(await content('notes.txt')).toBe('replaced')
    const all = ['a (2).txt', 'a.txt', 'fourth.txt', 'notes (2).txt', 'notes.txt', 'third.txt']
    expect((await names()).sort()).toEqual(all)
  })

  it('says that a folder exists before it adds to it, or creates another one of that name', async () => {
    await addFolder(tests.demo, '', 'Deep')
    await addFile(tests.demo, '/Deep', { name: 'one.txt', bytes: 'old' })
    await fileOf('Deep/one.txt', 'new')
    await fileOf('Deep/two.txt', 'two')
    const { page, picture } = await tests.visit()
    await item(page, 'Deep').waitFor()
    await dropOn(page, page.getByRole('main'), { paths: [join(tests.directory, 'Deep')] })
    const dialog = page.getByRole('dialog')
    await dialog.getByText('A folder named “Deep” already exists in “Files”.').waitFor()
    await picture('folder-exists')
    await dialog.getByRole('button', { name: 'Skip' }).click()
    await reached(page, 'two.txt', 'completed')
    const answer = await fetch(urlOf('Deep'), {
      headers: { ...SIGNED_IN, accept: 'application/json' },
    })
    const { items } = (await answer.json()) as { items: readonly { title: string }[] }
    expect(items.map(({ title }) => title).sort()).toEqual(['one.txt', 'two.txt'])

    await page.getByRole('button', { name: 'New folder' }).click()
    await dialog.getByLabel('Name').fill('Deep')
    await dialog.getByLabel('Name').press('Enter')
    await dialog.getByText('A folder named “Deep” already exists.').waitFor()
  })

  it('replaces the bytes of a file', async () => {
    await addFolder(tests.demo, '', 'replacing')
    const { page } = await tests.visit({ at: '/replacing' })
    await upload(page, await fileOf('report.txt', 'first'))
    await reached(page, 'report.txt', 'completed')
    const second = await randomFile(join(tests.directory, 'other name.bin'), 50_000)
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      choose(page, 'report.txt', 'Replace…'),
    ])
    await chooser.setFiles(join(tests.directory, 'other name.bin'))
    await page.getByRole('status').filter({ hasText: '“report.txt” replaced.' }).waitFor()
    expect(await sha256OfUrl(urlOf('replacing/report.txt'), SIGNED_IN)).toBe(second)
  })

  it('shows images, and an icon for a damaged one', async () => {
    await addFolder(tests.demo, '', 'images')
    const damaged = { name: 'z damaged.png', bytes: 'no image', mediaType: 'image/png' }
    await addFile(tests.demo, '/images', damaged)
    const { page, picture } = await tests.visit({ at: '/images' })
    await upload(
      page,
      await fileOf('red.png', pixels('red')),
      await fileOf('blue.png', pixels('blue')),
    )
    await reached(page, 'red.png', 'completed')
    await reached(page, 'blue.png', 'completed')
    await page.getByRole('button', { name: 'Show as a grid' }).click()
    const thumbnail = page
      .getByRole('listitem')
      .filter({ hasText: 'red.png' })
      .locator('img')
      .first()
    await expect.poll(() => widthOf(thumbnail), { timeout: PATIENCE }).toBe(8)
    const tile = page.getByRole('listitem').filter({ hasText: 'z damaged.png' })
    await tile.locator('.picture svg[data-icon=image]').waitFor()
    await picture('grid')
    await page.getByRole('main').getByRole('button', { name: 'blue.png', exact: true }).click()
    const shown = page.getByRole('dialog').getByRole('img', { name: 'blue.png' })
    await expect.poll(() => widthOf(shown), { timeout: PATIENCE }).toBe(8)
    await page.keyboard.press('ArrowRight')
    await page.getByRole('dialog').getByRole('img', { name: 'red.png' }).waitFor()
    await picture('preview')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('says in the row why a file was refused, and forgets it when the user signs out', async () => {
    const { page, context, picture } = await tests.visit()
    const path = await fileOf('forbidden.txt', 'x'.repeat(1_000))
    await context.route('**/@tus-upload', (route) =>
      route.fulfill({
        status: 403,
        contentType: 'application/json',
        body: JSON.stringify({ error: { code: 'forbidden', message: 'no' } }),
      }),
    )
    await upload(page, path)
    await reached(page, 'forbidden.txt', 'failed')
    await uploadRow(page, 'forbidden.txt')
      .filter({ hasText: 'You are not allowed to do this.' })
      .waitFor()
    const alert = page.getByRole('alert').filter({ hasText: 'forbidden.txt was not uploaded.' })
    await alert.waitFor({ state: 'attached' })
    await picture('refused')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Password').fill('secret')
    expect(await page.getByText('forbidden.txt').count()).toBe(0)
  })

  it('keeps the end of a long name in sight', async () => {
    const name = `${'a very long name '.repeat(10)}version 3.pdf`
    await addFile(tests.demo, '', { name, bytes: 'text' })
    const { page, picture } = await tests.visit()
    const link = page.getByRole('link', { name, exact: true })
    await link.waitFor()
    const row = await page.getByRole('main').boundingBox()
    const tail = await link.locator('.cut-tail').boundingBox()
    expect(await link.locator('.cut-tail').innerText()).toBe('sion 3.pdf')
    expect((tail?.x ?? 0) + (tail?.width ?? 0)).toBeLessThan((row?.x ?? 0) + (row?.width ?? 0))
    await picture('long-name')
  })

  it('runs no script of an uploaded page', async () => {
    const { page } = await tests.visit()
    const script = '<script>document.title = "ran"</script>'
    await upload(page, await fileOf('evil.html', script))
    await reached(page, 'evil.html', 'completed')
    const answer = await fetch(urlOf('evil.html'), { headers: SIGNED_IN })
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/)
    expect(await answer.text()).toBe(script)
  })
})
