import { Tus } from '@uploadx/core'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { control, settings } from './support/control.ts'

const uploads = new Tus({
  directory: settings.directory,
  path: '/files',
  maxUploadSize: '20GB',
  allowMIME: ['*/*'],
})
// It answers 503 until it has looked at its directory.
while (!uploads.storage.isReady) await sleep(10)
await control(createServer((req, res) => uploads.handle(req, res)))
