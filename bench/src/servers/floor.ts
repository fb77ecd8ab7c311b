import { createServer } from 'node:http'
import { control, settings } from './support/control.ts'
import { plainListener } from './support/plain-node.ts'

const listener = plainListener(settings.directory)
await control(createServer((req, res) => void listener(req, res)))
