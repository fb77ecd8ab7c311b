// The rules of this repository's structure: which folder imports which, and what core may use. oxlint checks
// everything else, with types: `.oxlintrc.json`.
import boundaries from 'eslint-plugin-boundaries'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

const tests = ['**/*.test.ts', '**/test/**/*.ts']

/** Names that only some runtimes have. The engine runs on all of them. */
const notInCore = [
  'Buffer',
  'process',
  'global',
  'require',
  '__dirname',
  '__filename',
  'setImmediate',
  'window',
]

/** TypeScript checks no unknown properties inside of a literal spread, so a misspelt option would compile. */
const literalSpreads = ['ObjectExpression', 'ArrayExpression'].map((literal) => ({
  selector: `SpreadElement > ${literal}`,
  message: 'Write the entries of the literal in place of the spread.',
}))

/**
 * V8 allocates a function that is assigned to a property among the old objects, and refers to a getter of an object from
 * there. It, and all that it uses, then stays until the next full garbage collection: see decision 0016.
 */
const longLived = [
  {
    selector: 'ObjectExpression > Property[kind="get"]',
    message: 'Write a class: V8 keeps a getter of an object until a full collection.',
  },
  {
    selector:
      'AssignmentExpression[left.type="MemberExpression"] > :matches(ArrowFunctionExpression, FunctionExpression).right',
    message:
      'Give the function a name of its own first: V8 keeps one that is assigned to a property until a full collection.',
  },
]

/** Other packages do not import the inside of a package. */
const insides = {
  regex: '^@tusker/[^/]+/(src|dist)(/|$)',
  message: 'Import what the package exports.',
}

/**
 * The folders of a package, and the other folders that each may import. `src` is the files beside the
 * folders: they may import all of them. Every folder may import `errors.ts`.
 */
const FOLDERS = {
  core: {
    options: [],
    model: [],
    grammar: ['model'],
    ports: ['options', 'model', 'grammar'],
    http: ['options', 'model', 'grammar'],
    engine: ['options', 'model', 'ports'],
    protocol: ['model', 'ports', 'http', 'engine'],
    tus: ['model', 'grammar', 'http', 'engine', 'protocol'],
    draft: ['options', 'model', 'grammar', 'http', 'engine', 'protocol'],
    server: [
      'src',
      'options',
      'model',
      'grammar',
      'ports',
      'http',
      'engine',
      'protocol',
      'tus',
      'draft',
    ],
  },
  'store-fs': {
    files: [],
    records: ['files'],
    data: ['files', 'records'],
    locker: ['files', 'records'],
    'save-as': ['files'],
  },
  'store-redis': {
    client: [],
    records: ['client'],
    locker: ['client'],
    events: ['client'],
    store: ['client', 'records'],
  },
  'store-s3': {
    client: [],
    records: ['client'],
    locker: ['client', 'records'],
    parts: ['src', 'client', 'records', 'locker'],
    seal: ['src', 'client', 'records', 'locker', 'parts'],
    read: ['src', 'client', 'records', 'parts', 'seal'],
    sweep: ['src', 'client', 'records', 'parts', 'seal'],
  },
  content: {
    paths: [],
    access: ['paths'],
    tree: ['paths'],
    endpoints: ['src', 'paths', 'access', 'tree'],
    uploads: ['src', 'paths', 'access', 'tree', 'endpoints'],
  },
  server: {
    files: [],
    settings: [],
    progress: ['files'],
    serving: ['files', 'progress', 'settings'],
  },
  'adapter-node': {
    server: [],
    response: ['server'],
    request: ['server', 'response'],
    resumable: ['src', 'server', 'response', 'request'],
  },
}

/** The rules for the folders of each package. Each package has its own: the plugin tries all rules on all imports. */
const boundariesOfPackages = Object.entries(FOLDERS).map(([name, folders]) => {
  const parts = Object.entries({ ...folders, src: Object.keys(folders) }).map(
    ([folder, others]) => ({
      type: folder,
      pattern: `packages/${name}/src${folder === 'src' ? '' : `/${folder}`}`,
      may: [folder, ...others],
    }),
  )
  const policies = [
    ...parts.map(({ type, may }) => ({
      from: { element: { type } },
      allow: { to: { element: { types: { anyOf: may } } } },
    })),
    { from: { element: { type: '**' } }, allow: { to: { file: { categories: 'errors' } } } },
  ]
  return {
    files: [`packages/${name}/src/**/*.ts`],
    ignores: tests,
    plugins: { boundaries },
    settings: {
      'boundaries/elements': parts.map(({ type, pattern }) => ({ type, pattern })),
      'boundaries/files': [{ category: 'errors', pattern: `packages/${name}/src/errors.ts` }],
    },
    rules: { 'boundaries/dependencies': ['error', { default: 'disallow', policies }] },
  }
})

export default defineConfig(
  {
    ignores: [
      '**/dist/**',
      '**/coverage/**',
      '**/.turbo/**',
      'apps/demo/data/**',
      'docs/api/**',
      'scripts/packages/stranger/**', // checked where they are at home: in a project without us
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{js,mjs,ts,tsx}'],
    languageOptions: { parser: tseslint.parser },
    rules: { 'no-restricted-syntax': ['error', ...literalSpreads] },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            insides,
            {
              regex: '^(\\.\\./)+(packages|apps|scripts)/',
              message: 'Import the package by its name.',
            },
          ],
        },
      ],
    },
  },
  {
    // What bytes pass through for each request.
    files: ['packages/{adapter-*,content,store-fs}/src/**/*.ts'],
    ignores: tests,
    rules: { 'no-restricted-syntax': ['error', ...literalSpreads, ...longLived] },
  },
  {
    // Parts of tests that are not published may use what starts programs for tests.
    files: ['packages/*/src/testing/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [insides] }] },
  },
  {
    files: ['packages/core/src/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^[^.]', message: 'Core has no dependencies.' }] },
      ],
      'no-restricted-globals': [
        'error',
        ...notInCore.map((name) => ({ name, message: 'Core runs outside Node, too.' })),
      ],
      'no-restricted-syntax': [
        'error',
        ...literalSpreads,
        { selector: 'ImportExpression', message: 'Core is one graph of static imports.' },
        ...longLived,
      ],
    },
  },
  boundariesOfPackages,
)
