import { render } from 'preact'
import { App } from './app.tsx'
import { followConnection } from './live/connection.ts'
import { followLive } from './live/live.ts'
import { followStalled } from './live/stalled.ts'
import { followSession } from './session/session.ts'
import './styles/index.css'
import { followFolder } from './tree/folder.ts'
import { ignoreStrayDrops } from './tree/use-drop.ts'
import { setUpUploads } from './uploads/set-up.ts'
import { followTray } from './uploads/tray-visibility.ts'

const root = document.getElementById('app')
if (root === null) throw new Error('the document has no element for the app')

setUpUploads()
followTray()
followFolder()
followLive()
followConnection()
followStalled()
ignoreStrayDrops()
followSession()
render(<App />, root)
