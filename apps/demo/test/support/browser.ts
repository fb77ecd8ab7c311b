import type { Browser } from 'playwright-core'
import { chromium } from 'playwright-core'
import { findChromium } from './chromium.ts'

const executablePath = findChromium()

/** False where there is no browser for the tests of the page, which then are skipped. */
export const hasBrowser: boolean = executablePath !== null
if (!hasBrowser) {
  console.log('tests of the page are skipped: no Chromium found; install it or set CHROMIUM_BIN')
}

/** Web pages of Chromium's address bar. It loads them with each tab, which takes a second of the processor's time. */
const OF_THE_ADDRESS_BAR = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup']

/** What Playwright disables as well: Chromium reads the last list only. */
const OF_PLAYWRIGHT = [
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
]

// One process is kept ready for the next page of another site. The tests have one site.
const DISABLED = ['SpareRendererForSitePerProcess', ...OF_THE_ADDRESS_BAR, ...OF_PLAYWRIGHT]

/** Starts a browser without a window. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    ...(executablePath === null ? {} : { executablePath }),
    // Without a language it cannot read files whose names have letters of another script.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      `--disable-features=${DISABLED.join(',')}`,
    ],
  })
}
