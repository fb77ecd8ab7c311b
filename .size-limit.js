// How large each package may be: its tarball, and its entry in a bundle without what it imports.
// `npm run packages` packs them, and then runs size-limit.

/** In kB: packed, and bundled, minified and compressed. */
const BUDGETS = {
  core: [275, 30],
  content: [120, 16],
  'store-fs': [115, 13.5],
  'store-redis': [90, 13],
  'store-s3': [155, 20],
  'store-memory': [32, 8],
  checksums: [32, 8],
  testing: [345, 66],
  'adapter-node': [64, 8],
  'adapter-express': [10, 1.5],
  'adapter-fastify': [12, 2],
  'adapter-fetch': [18, 3],
  'adapter-koa': [10, 2],
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
