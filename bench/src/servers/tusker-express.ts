import type { ExpressContext } from '@tusker/adapter-express'
import { expressUploads } from '@tusker/adapter-express'
import express from 'express'
import { createServer } from 'node:http'
import { control } from './support/control.ts'
import { uploadsOver } from './support/uploads.ts'

const app = express()
app.use(expressUploads(uploadsOver<ExpressContext>()))
await control(createServer(app))
