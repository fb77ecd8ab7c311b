import { render } from 'preact'
import { App } from './app.tsx'
import { followConnection } from './live/connection.ts'
import { followQuiet } from './live/left-behind.ts'
import { followLive } from './live/live.ts'
import { followSession } from './session/session.ts'
import './styles/index.css'
import { followFolder } from './tree/folder.ts'
import { ignoreStrayDrops } from './tree/use-drop.ts'
import { setUpUploads } from './uploads/set-up.ts'

const root = document.getElementById('app')
if (root === null) throw new Error('the page has no place for the app')

setUpUploads()
followFolder()
followLive()
followConnection()
followQuiet()
ignoreStrayDrops()
followSession()
render(<App />, root)
