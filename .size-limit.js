// How large each package may be: its tarball, and its entry in a bundle without what it imports.
// `npm run packages` packs them, and then runs size-limit.

/** In kB: packed, and bundled, minified and compressed. */
const BUDGETS = {
  core: [165, 18],
  content: [105, 14],
  'store-fs': [66, 9],
  'store-redis': [80, 12],
  'store-s3': [95, 15],
  'store-memory': [32, 8],
  checksums: [32, 8],
  testing: [250, 50],
  'adapter-node': [34, 5],
  'adapter-express': [8, 1],
  'adapter-fastify': [10, 1.5],
  'adapter-fetch': [12, 1.5],
  'adapter-koa': [8, 1.5],
  server: [40, null], // a command: there is nothing in it to import
}

const external = (config) => ({ ...config, packages: 'external', platform: 'node' })

export default Object.entries(BUDGETS).flatMap(([folder, [packed, bundled]]) => [
  {
    name: `${folder}, packed`,
    path: `node_modules/.cache/tusker-packed/tusker-${folder}-[0-9]*.tgz`,
    limit: `${packed} kB`,
    disablePlugins: ['@size-limit/esbuild'],
    brotli: false,
  },
  ...(bundled === null
    ? []
    : [
        {
          name: `${folder}, bundled`,
          path: `packages/${folder}/dist/index.js`,
          limit: `${bundled} kB`,
          gzip: true,
          modifyEsbuildConfig: external,
        },
      ]),
])
