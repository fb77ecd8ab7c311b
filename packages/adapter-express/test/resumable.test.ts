import { resumable } from '@tusker/adapter-node'
import { memoryStore } from '@tusker/store-memory'
import { describeResumableRoute, startedOn } from '@tusker/testing'
import express from 'express'
import { createServer } from 'node:http'

describeResumableRoute('Express', () => {
  const app = express()
  app.post('/api/photos', express.json(), (req, res) => {
    res.status(201).json({ got: req.body as unknown, ip: typeof req.ip })
  })
  return startedOn(createServer(resumable(app, { store: memoryStore() }).listener))
})
