// Other lines of Node, for trying the packages on them.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { call, npm, root } from './call.mjs'

/** The floor of `engines`, and the newest of every line since that is alive. */
const VERSIONS = ['20.19.0', '22.23.3', '24.21.0', '26.10.0']
const cache = join(root, 'node_modules/.cache/tusker-nodes')

/** The Node that runs this. */
export const thisNode = { version: process.versions.node, path: process.execPath }

/** Each of the other lines, installed from npm the first time: about 700 MB. */
export async function otherNodes() {
  // The binary is in these packages themselves: nothing of them runs at install.
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const packageOf = (version) => `node-${version}@npm:node-${platform}-${process.arch}@${version}`
  const missing = VERSIONS.filter((version) => !existsSync(pathOf(version)))
  if (missing.length > 0) {
    mkdirSync(cache, { recursive: true })
    writeFileSync(join(cache, 'package.json'), '{ "private": true }\n')
    await npm(cache, ['install', '--ignore-scripts', ...VERSIONS.map(packageOf)])
  }
  const others = VERSIONS.filter((version) => version !== thisNode.version)
  return Promise.all(others.map(nodeOf))
}

async function nodeOf(version) {
  const path = pathOf(version)
  const answer = (await call(path, ['--version'])).trim()
  if (answer !== `v${version}`) throw new Error(`this is no Node ${version}: ${answer}`)
  return { version, path }
}

function pathOf(version) {
  const binary = process.platform === 'win32' ? 'node.exe' : 'node'
  return join(cache, 'node_modules', `node-${version}`, 'bin', binary)
}
