#!/usr/bin/env node
// Lays out a new published package:
//
//   npm run new:package -- adapter-hono "Resumable uploads for Hono"
//
// Files that are there already stay as they are.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [name, description] = process.argv.slice(2)
if (!name || !description || !/^[a-z][a-z0-9-]*$/.test(name)) {
  console.error('usage: npm run new:package -- <folder-name> "<description>"')
  process.exit(2)
}

const published = {
  '.': { types: './dist/index.d.ts', default: './dist/index.js' },
  './package.json': './package.json',
}
const manifest = {
  name: `@tusker/${name}`,
  version: '0.0.0',
  description,
  keywords: [
    'tus',
    'resumable',
    'upload',
    'uploads',
    'file-upload',
    'tus-server',
    ...extraKeywords(),
  ],
  homepage: `https://github.com/tusker-uploads/tusker/tree/main/packages/${name}#readme`,
  bugs: 'https://github.com/tusker-uploads/tusker/issues',
  repository: {
    type: 'git',
    url: 'git+https://github.com/tusker-uploads/tusker.git',
    directory: `packages/${name}`,
  },
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=20.19.0' },
  files: ['dist', 'src', '!src/**/*.test.ts'],
  exports: {
    '.': { '@tusker/source': './src/index.ts', ...published['.'] },
    './package.json': './package.json',
  },
  publishConfig: { access: 'public', exports: published },
  scripts: {
    build: 'tsup',
    typecheck: 'tsc -p tsconfig.json',
    test: 'vitest run',
    prepack: "node -e \"require('node:fs').accessSync('dist/index.js')\"",
  },
  peerDependencies: { '@tusker/core': 'workspace:^' },
  devDependencies: {
    '@tusker/core': 'workspace:*',
    '@tusker/testing': 'workspace:*',
    vitest: 'catalog:',
  },
}

/** An adapter or a store is also looked for by the name of its framework or place. */
function extraKeywords() {
  const [, what] = /^(?:adapter|store)-(.+)$/.exec(name) ?? []
  return what ? [what] : []
}

const json = (value) => `${JSON.stringify(value, null, 2)}\n`
const directory = join(root, 'packages', name)
const files = {
  'package.json': json(manifest),
  'tsconfig.json': `{\n  "extends": "../../tsconfig.base.json",\n  "include": ["src"]\n}\n`,
  'tsup.config.ts': `import { library } from '../../tsup.shared.ts'\n\nexport default library()\n`,
  'vitest.config.ts': `import { project } from '../../vitest.shared.ts'\n\nexport default project('${name}')\n`,
  'src/index.ts': 'export {}\n',
}

for (const [path, text] of Object.entries(files)) {
  const target = join(directory, path)
  if (existsSync(target)) continue
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, text)
  console.log(`wrote ${relative(root, target)}`)
}
console.log('Next: `pnpm install`, a README.md, and a changeset.')
