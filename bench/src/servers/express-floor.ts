import express from 'express'
import { createServer } from 'node:http'
import { control, settings } from './support/control.ts'
import { plainListener } from './support/plain-node.ts'

const app = express()
const listener = plainListener(settings.directory)
app.use((req, res) => listener(req, res))
await control(createServer(app))
