import { pino } from 'pino'
import { readSettings } from './settings.ts'
import { startDemo } from './start.ts'
import { DEVELOPMENT_USERS, readUsers } from './users.ts'

try {
  await run()
} catch (error) {
  // What keeps it from starting is for a person to read and mend: a line, and no stack.
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function run(): Promise<void> {
  const settings = readSettings(process.env)
  const users =
    settings.usersFile === undefined ? DEVELOPMENT_USERS : await readUsers(settings.usersFile)
  // Standard output is for people: it names the URL. What happens afterwards is for machines.
  const logger = pino({ level: settings.logLevel }, pino.destination({ fd: 2, sync: true }))
  const demo = await startDemo(settings, users, logger)
  console.log(`Tusker's demo serves at ${demo.url}`)
  if (users === DEVELOPMENT_USERS) console.log('Sign in as admin with the password secret.')

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      // A second signal ends it at once: nobody listens to it any more.
      demo.close().then(
        () => process.exit(0),
        (err: unknown) => {
          logger.fatal({ err }, 'closing failed')
          process.exit(1)
        },
      )
    })
  }
}
