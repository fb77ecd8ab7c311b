import cluster from 'node:cluster'
import { pino } from 'pino'
import { logOutput } from './log-output.ts'
import { readSettings } from './settings.ts'
import { startDemo } from './start.ts'
import { DEVELOPMENT_USERS, readUsers } from './users.ts'
import { startWorkers, tellUrl } from './workers.ts'

try {
  await run()
} catch (error) {
  // A person reads and fixes the cause of a failed start, so print one line and no stack.
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function run(): Promise<void> {
  const settings = readSettings(process.env)
  const users =
    settings.usersFile === undefined ? DEVELOPMENT_USERS : await readUsers(settings.usersFile)
  // Standard output is for people: it names the URL. The log on standard error is for programs.
  const output = logOutput()
  const logger = pino({ level: settings.logLevel }, output)
  const announce = (url: string): void => {
    console.log(`Tusker's demo serves at ${url}`)
    if (users === DEVELOPMENT_USERS) console.log('Sign in as admin with the password secret.')
  }

  if (settings.workers > 1 && cluster.isPrimary) {
    const workers = await startWorkers(settings.workers)
    announce(workers.url)
    onSignal(async () => {
      const code = await workers.end()
      await output.flushed()
      process.exit(code)
    })
    return
  }
  const demo = await startDemo(settings, users, logger)
  if (cluster.isPrimary) announce(demo.url)
  else tellUrl(demo.url)
  onSignal(async () => {
    let code = 0
    try {
      await demo.close()
    } catch (err) {
      logger.fatal({ err }, 'closing failed')
      code = 1
    }
    await output.flushed()
    process.exit(code)
  })
}

/** A second signal ends the process at once, because each listener runs only once. */
function onSignal(end: () => Promise<unknown>): void {
  process.once('SIGTERM', () => void end())
  if (cluster.isPrimary) process.once('SIGINT', () => void end())
  // A terminal sends SIGINT to all processes, but the primary process stops the workers.
  else process.on('SIGINT', () => {})
}
