// The floors of packages/core/src, lowest first. A file imports from its own floor or a lower one.
//
// Each floor lists what it may import, so a file that is on no list can be imported by the top floor
// only: a new file starts up there, until it is given a place here.

const vocabulary = ['http', 'error', 'upload']
const ports = ['store', 'records', 'locker', 'hooks', 'checksums', 'events']
const mechanism = ['meter', 'capabilities']
/** What all dialects share, and what a dialect is. */
const dialect = ['protocol', 'refusal']
const dialects = ['tus', 'draft']

const file = (name) => `${name}\\.ts`
const folder = (name) => `${name}/(?!\\.).+`

/** @type {{ in: string[], may: string[], says: string }[]} `in`: files, or folders ending in a slash. */
const plan = [
  {
    in: vocabulary.map((name) => `${name}.ts`),
    may: vocabulary.map(file),
    says: 'The vocabulary (http, error, upload) imports nothing else.',
  },
  {
    in: ['grammar/'],
    may: [file('error')],
    says: 'Grammar knows strings only: beside its own files it may import error.ts.',
  },
  {
    in: ports.map((name) => `${name}.ts`),
    // Metadata is the one value of the grammar that hooks and stores are handed.
    may: [...vocabulary, ...ports, 'grammar/metadata'].map(file),
    says: 'A port imports the vocabulary and other ports.',
  },
  {
    in: mechanism.map((name) => `${name}.ts`),
    may: [...vocabulary, ...ports, ...mechanism].map(file),
    says: 'A mechanism imports ports and the vocabulary.',
  },
  {
    in: ['engine/'],
    may: [...vocabulary, ...ports, ...mechanism].map(file),
    says: 'The engine imports mechanisms, ports and the vocabulary: no grammar, no dialect, no server.',
  },
  {
    in: [...dialect.map((name) => `${name}.ts`), ...dialects.map((name) => `${name}/`)],
    may: [
      ...[...vocabulary, ...ports, ...mechanism, ...dialect].map(file),
      ...['grammar', 'engine'].map(folder),
    ],
    says: 'A dialect imports the engine, the grammar and what is below: no other dialect, no locker, no server.',
  },
]

/** Core has no dependencies: what does not start with a dot is refused on every floor. */
const outside = { regex: '^[^.]', message: 'Core has no dependencies, and runs outside Node.' }

/** Matches the relative imports that a file `depth` folders below src may not make. */
function above(depth, may) {
  const toSrc = depth === 0 ? '\\./' : '\\.\\./'.repeat(depth)
  const ownFolder = Array.from({ length: depth }, (_, up) =>
    up === 0 ? '\\./(?!\\.)' : `${'\\.\\./'.repeat(up)}(?!\\.)`,
  )
  return `^(?!${[...ownFolder, `${toSrc}(?:${may.join('|')})$`].join('|')})\\.`
}

/** ESLint's configuration of the floors. `ignores`: test files, which may look anywhere. */
export function floors({ ignores }) {
  const src = 'packages/core/src'
  const rule = (files, patterns) => ({
    files,
    ignores,
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  })
  const floor = (files, depth, { may, says }) =>
    rule(files, [outside, { regex: above(depth, may), message: says }])

  return [
    rule([`${src}/**/*.ts`], [outside]),
    ...plan.flatMap((level) => {
      const files = level.in.filter((path) => !path.endsWith('/')).map((path) => `${src}/${path}`)
      const folders = level.in.filter((path) => path.endsWith('/'))
      return [
        ...(files.length > 0 ? [floor(files, 0, level)] : []),
        ...folders.flatMap((path) => [
          floor([`${src}/${path}*.ts`], 1, level),
          floor([`${src}/${path}*/*.ts`], 2, level),
        ]),
      ]
    }),
  ]
}
