import { spawn, spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { append, create } from './support/client.ts'
import { COMMAND, follow, scratch } from './support/server-process.ts'

// util-linux's runs a program on a terminal of its own. BSD's takes other arguments.
const hasScript = /util-linux/.test(
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '',
)
if (!hasScript) console.log('skipped: tests on a terminal need `script` of util-linux')

describe.skipIf(!hasScript)('tusker-server on a terminal', () => {
  it('tusker-server moves the line of an upload, and Ctrl-C shuts it down in order', async () => {
    const command = [process.execPath, ...COMMAND, await scratch(), '--port', '0']
    const quoted = command.map((word) => `'${word}'`).join(' ')
    // A shell that stays as the parent would receive the Ctrl-C too, and exit with its own code.
    const child = spawn('script', ['-qec', `exec ${quoted}`, '/dev/null'], {
      env: { PATH: process.env['PATH'], SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const terminal = follow(child)
    const endpoint = (await terminal.url()).trim()
    const url = await create(endpoint, 400_000, 'a film.mp4')
    for (let offset = 0; offset < 300_000; offset += 100_000) {
      await append(url, offset, new Uint8Array(100_000))
      await sleep(300)
    }
    await terminal.untilPrinted(
      / 75% 293\.0 KiB of 390\.6 KiB +[\d.]+ KiB\/s +\d\d:\d\d left {2}a film\.mp4/,
    )
    await append(url, 300_000, new Uint8Array(100_000))
    await terminal.untilPrinted(/complete {3}a film\.mp4, 390\.6 KiB in 00:0\d/)
    // The control sequences for one line up, and for clearing everything below.
    expect(terminal.printed()).toContain('\u001b[1A\r\u001b[0J')

    child.stdin.write('\u0003')
    expect(await terminal.ended).toBe(0)
    expect(terminal.printed()).toContain('Shutting down, ')
  })
})
