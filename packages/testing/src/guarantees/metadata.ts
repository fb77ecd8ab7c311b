import type { StandardSchema, UploadHooks } from '@tusker/core'
import { expect, expectTypeOf, it } from 'vitest'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import type { HostOptions } from '../client/test-host.ts'
import type { Staged } from './guarantee-host.ts'
import { idOf } from './guarantee-host.ts'

interface Photo {
  readonly album: string
  readonly year: number
}

/** A hand-written schema like those of zod, valibot and arktype. */
const photo: StandardSchema<Photo> = {
  '~standard': {
    validate(value) {
      const { album, year } = value as Readonly<Record<string, string | undefined>>
      const issues = [
        ...(album === undefined ? [{ message: 'is missing', path: ['album'] }] : []),
        ...(/^\d{4}$/.test(year ?? '') ? [] : [{ message: 'is no year', path: [{ key: 'year' }] }]),
      ]
      return issues.length > 0 ? { issues } : { value: { album: album ?? '', year: Number(year) } }
    },
  },
}

const fields = (values: Readonly<Record<string, string>>): { 'upload-metadata': string } => ({
  'upload-metadata': Object.entries(values)
    .map(([key, value]) => `${key} ${btoa(value)}`)
    .join(','),
})

/** The test server has no type for the values of a schema. The types are checked at `hooks`. */
function typed<Values>(options: {
  readonly metadata: StandardSchema<Values>
  readonly hooks?: UploadHooks<unknown, Values>
}): HostOptions {
  return options as HostOptions
}

/** Metadata is validated at creation and typed in every hook. */
export function metadata(staged: Staged): void {
  it(
    'metadata that fits its schema is typed in every hook',
    staged(async ({ serve }) => {
      const seen: Photo[] = []
      const hooks: UploadHooks<unknown, Photo> = {
        authorize: (_action, { parsedMetadata }) => void seen.push(parsedMetadata),
        beforeCreate: ({ parsedMetadata }) => ({ attributes: { album: parsedMetadata.album } }),
        onComplete: ({ parsedMetadata, attributes }) => ({
          location: `/${attributes['album'] ?? ''}/${parsedMetadata.year + 1}`,
        }),
      }
      const talk = serve(typed({ hooks, metadata: photo }))
      const path = await talk.create(fields({ album: 'sea', year: '2026' }))
      expectAnswer(await talk.patch(path, 0, 'hello'), 204, { location: '/sea/2027' })
      expect(new Set(seen.map((each) => JSON.stringify(each)))).toEqual(
        new Set(['{"album":"sea","year":2026}']),
      )
    }),
  )

  it(
    'the hooks of one request share one validation of the metadata',
    staged(async ({ serve }) => {
      let validations = 0
      const counted: StandardSchema<Photo> = {
        '~standard': {
          validate(value) {
            validations += 1
            return photo['~standard'].validate(value)
          },
        },
      }
      const seen = new Set<Photo>()
      const hooks: UploadHooks<unknown, Photo> = {
        authorize: (_action, { parsedMetadata }) => void seen.add(parsedMetadata),
        beforeCreate: ({ parsedMetadata }) => void seen.add(parsedMetadata),
        onComplete: ({ parsedMetadata }) => void seen.add(parsedMetadata),
      }
      const talk = serve(typed({ hooks, metadata: counted }))
      const bytes = { 'content-type': 'application/offset+octet-stream', 'upload-length': '5' }
      const sent = { ...bytes, ...fields({ album: 'sea', year: '2026' }) }
      expectAnswer(await talk.send('POST /files', sent, 'hello'), 201)
      expect(validations).toBe(1)
      expect(seen.size).toBe(1)
    }),
  )

  it(
    'metadata that does not fit is refused at creation, naming each field',
    staged(async ({ serve, store }) => {
      const talk = serve(typed({ metadata: photo }))
      for (const [sent, names] of [
        [fields({ year: '2026' }), ['album: is missing']],
        [fields({ album: 'sea', year: 'long ago' }), ['year: is no year']],
        [{}, ['album: is missing', 'year: is no year']],
        [{ 'upload-metadata': 'album /w==,year MjAyNg==' }, ['album: must be UTF-8']],
      ] as const) {
        const refused = await talk.send('POST /files', { 'upload-length': '5', ...sent })
        expectRefusal(refused, 400, 'malformed_request')
        for (const name of names) expect(refused.text).toContain(name)
      }
      for await (const id of store.list?.() ?? []) throw new Error(`created ${id}`)
    }),
  )

  it(
    'keys such as `__proto__` are keys like any other',
    staged(async ({ serve }) => {
      const seen: unknown[] = []
      const open: StandardSchema<unknown> = {
        '~standard': {
          validate(value) {
            seen.push(Object.entries(value as object))
            return { value }
          },
        },
      }
      const talk = serve(typed({ metadata: open }))
      const path = await talk.create(
        fields({ ['__proto__']: 'a', constructor: 'b', toString: 'c' }),
      )
      expect(idOf(path)).not.toBe('')
      expect(seen[0]).toEqual([
        ['__proto__', 'a'],
        ['constructor', 'b'],
        ['toString', 'c'],
      ])
    }),
  )

  it('without a schema, hooks get the metadata as a map of bytes', () => {
    const hooks: UploadHooks = {
      beforeCreate: ({ parsedMetadata }) => {
        expectTypeOf(parsedMetadata.get('x')).toEqualTypeOf<Uint8Array | undefined>()
      },
    }
    expect(hooks.beforeCreate).toBeDefined()
  })
}
