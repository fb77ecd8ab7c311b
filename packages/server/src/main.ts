#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { boundedOutput } from './progress/bounded-output.ts'
import { jsonReporter, textReporter } from './progress/reporter.ts'
import { uploadProgress } from './progress/upload-progress.ts'
import { greeting } from './serving/greeting.ts'
import { allowHeapGrowth } from './serving/heap.ts'
import { startServer } from './serving/start.ts'
import { StartError } from './serving/start-errors.ts'
import { helpText } from './settings/help.ts'
import { readRawSettings } from './settings/raw-settings.ts'
import type { Settings } from './settings/settings.ts'
import { settingsOf } from './settings/settings.ts'
import { UsageError } from './settings/usage-error.ts'
import { onSignals } from './signals.ts'

const [START_FAILED, USAGE] = [1, 2]
const out = process.stdout

// The reader of the output can close it. That ends no upload.
out.on('error', () => {})
try {
  await run()
} catch (error) {
  // One line for the operator, without a stack.
  if (error instanceof UsageError) {
    exit(USAGE, `${error.message}\nSee tusker-server --help`)
  } else {
    exit(START_FAILED, error instanceof StartError ? error.message : String(error))
  }
}

async function run(): Promise<void> {
  const raw = readRawSettings(process.argv.slice(2), process.env)
  if (raw.help) {
    out.write(helpText())
    return
  }
  if (raw.version) {
    out.write(`${readVersion()}\n`)
    return
  }
  const settings = settingsOf(raw)
  for (const warning of raw.warnings) process.stderr.write(`Warning: ${warning}\n`)
  await serve(settings)
}

async function serve(settings: Settings): Promise<void> {
  allowHeapGrowth()
  const [output, messages] = [boundedOutput(out), boundedOutput(process.stderr)]
  const reporter =
    settings.log === 'json' ? jsonReporter(output, messages) : textReporter(output, out.isTTY)
  const progress = uploadProgress((event) => reporter.report(event))
  const server = await startServer(settings, progress, (event) => reporter.report(event))
  reporter.print(greeting(settings, server.url))
  reporter.report({ kind: 'listening', url: server.url })
  reporter.showProgress(() => progress.running())

  onSignals(() => {
    reporter.print('Shutting down, clients can resume later. Press Ctrl-C again to force.')
    reporter.report({ kind: 'stopping' })
    server.close().then(
      () => {
        progress.stop()
        reporter.stop()
        process.exit(0)
      },
      (error: unknown) => exit(START_FAILED, String(error)),
    )
  })
}

/** Read at run time: the build does not know the version of the release. */
function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  )
  const has = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return has ? String(manifest.version) : 'unknown'
}

function exit(code: number, message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(code)
}
