// Follows docs/getting-started.md to the letter, in an empty folder for each framework of Node: runs the
// lines shown, saves the program shown, starts it, and uploads to it. Only the names of our own packages
// are replaced, by their tarballs and those of their dependencies, as npm would resolve them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../free-port.mjs'
import { call, npm, root } from './call.mjs'

const FRAMEWORKS = ['Node', 'Express', 'Koa', 'Fastify', 'Hono']

/**
 * @param {readonly { manifest: object, tarball: string }[]} packed our packages, packed
 * @throws Error naming the framework whose lines do not work
 */
export async function followGettingStarted(packed) {
  const page = readFileSync(join(root, 'docs/getting-started.md'), 'utf8')
  const setUp = blocksOf(page.slice(0, page.indexOf('\n## '))).sh[0]
  for (const framework of FRAMEWORKS) {
    const start = page.indexOf(`\n## ${framework}\n`)
    const { sh, ts } = blocksOf(page.slice(start, page.indexOf('\n## ', start + 1)))
    const lines = [...setUp.split('\n'), sh[0]]
    try {
      await follow(lines, ts[0], packed)
    } catch (error) {
      throw new Error(`docs/getting-started.md, ${framework}: ${error.message}`, { cause: error })
    }
  }
  console.log(`The lines of docs/getting-started.md work for ${FRAMEWORKS.join(', ')}.`)
}

function blocksOf(text) {
  const found = { sh: [], ts: [] }
  for (const [, language, code] of text.matchAll(/```(sh|ts)\n([\s\S]*?)\n```/g)) {
    found[language].push(code)
  }
  return found
}

async function follow(lines, program, packed) {
  const folder = mkdtempSync(join(tmpdir(), 'tusker-getting-started-'))
  try {
    for (const line of lines) {
      const [, ...words] = line.split(' ')
      await npm(
        folder,
        words.flatMap((word) => tarballsFor(word, packed)),
      )
    }
    writeFileSync(join(folder, 'server.js'), program)
    await serve(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function tarballsFor(word, packed) {
  const names = new Set()
  function add(name) {
    const found = packed.find(({ manifest }) => manifest.name === name)
    if (found === undefined || names.has(name)) return
    names.add(name)
    const { dependencies, peerDependencies } = found.manifest
    for (const needed of Object.keys({ ...dependencies, ...peerDependencies })) add(needed)
  }
  add(word)
  if (names.size === 0) return [word]
  return packed.filter(({ manifest }) => names.has(manifest.name)).map(({ tarball }) => tarball)
}

async function serve(folder) {
  const port = await freePort()
  const server = spawn(process.execPath, ['server.js'], {
    cwd: folder,
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(server, 'exit')
  try {
    const printed = once(server.stdout, 'data').then(([text]) => String(text))
    const line = await Promise.race([printed, ended.then(([code]) => `exit code ${code}`)])
    if (!line.includes('uploads are created')) throw new Error(`the program printed: ${line}`)
    const tus = ['-sS', '--fail-with-body', '-i', '-H', 'Tus-Resumable: 1.0.0']
    const url = `http://localhost:${port}`
    const created = await call('curl', [
      ...tus,
      '-X',
      'POST',
      '-H',
      'Upload-Length: 5',
      `${url}/files`,
    ])
    const [, path] = /^location: (\S+)/im.exec(created) ?? []
    const patch = ['-X', 'PATCH', '-H', 'Upload-Offset: 0', '--data-binary', 'hello']
    const type = ['-H', 'Content-Type: application/offset+octet-stream']
    const stored = await call('curl', [...tus, ...patch, ...type, new URL(path, url).href])
    if (!/^upload-offset: 5/im.test(stored)) throw new Error(`PATCH was answered ${stored}`)
  } finally {
    server.kill('SIGTERM')
    await ended
  }
}
