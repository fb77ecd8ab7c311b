#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { jsonReporter, textReporter } from './progress/reporter.ts'
import { watchUploads } from './progress/upload-progress.ts'
import { greeting } from './serving/greeting.ts'
import { startServer } from './serving/start.ts'
import { StartError } from './serving/start-errors.ts'
import { readGiven } from './settings/raw-settings.ts'
import { helpText } from './settings/help.ts'
import type { Settings } from './settings/settings.ts'
import { settingsOf } from './settings/settings.ts'
import { UsageError } from './settings/usage-error.ts'
import { onSignals } from './signals.ts'

const [COULD_NOT_START, USAGE] = [1, 2]
const out = process.stdout

// Whoever read the output may leave: that ends no upload.
out.on('error', () => {})
try {
  await run()
} catch (error) {
  // For a person to read and mend: a line, and no stack.
  if (error instanceof UsageError) {
    end(USAGE, `${error.message}\nSee tusker-server --help`)
  } else {
    end(COULD_NOT_START, error instanceof StartError ? error.message : String(error))
  }
}

async function run(): Promise<void> {
  const given = readGiven(process.argv.slice(2), process.env)
  if (given.help) out.write(helpText())
  else if (given.version) out.write(`${versionOf()}\n`)
  else await serve(settingsOf(given))
}

async function serve(settings: Settings): Promise<void> {
  const reporter =
    settings.log === 'json' ? jsonReporter(out, process.stderr) : textReporter(out, out.isTTY)
  const watch = watchUploads((notice) => reporter.notice(notice))
  const server = await startServer(settings, watch)
  reporter.say(greeting(settings, server.url))
  reporter.follow(() => watch.running())

  onSignals(() => {
    reporter.say('Ending: uploads under way can go on later. Once more to end at once.')
    server.close().then(
      () => {
        watch.stop()
        reporter.stop()
        process.exit(0)
      },
      (error: unknown) => end(COULD_NOT_START, String(error)),
    )
  })
}

/** Read when asked for: what is built has to know of the version it is released as. */
function versionOf(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  )
  const has = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return has ? String(manifest.version) : 'unknown'
}

function end(code: number, message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(code)
}
