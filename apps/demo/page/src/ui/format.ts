const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** A number of bytes for people, in steps of 1000: `1.5 MB`. */
export function bytes(count: number): string {
  let step = 0
  let value = count
  while (value >= 999.5 && step < UNITS.length - 1) {
    value /= 1000
    step += 1
  }
  const digits = step === 0 || value >= 99.95 ? 0 : 1
  return `${value.toFixed(digits).replace('.0', '')} ${UNITS[step]}`
}

/** Seconds for people, rounded up so that they do not promise too much: `5 min`. */
export function timeLeft(seconds: number): string {
  if (seconds < 5) return 'a few seconds'
  return duration(seconds)
}

/** A number of seconds for people, rounded up: `45 s`, `2 min`, `1 h 5 min`, `3 days`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`
  const minutes = Math.ceil(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return `${Math.ceil(hours / 24)} days`
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}

/** A whole percentage, which is 100 only when everything has arrived. */
export function percent(part: number, whole: number): number {
  if (whole <= 0) return part < 0 ? 0 : 100
  return Math.max(0, Math.min(100, Math.floor((part * 100) / whole)))
}

const SAME_DAY = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const SAME_YEAR = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: 'numeric',
  minute: '2-digit',
})
const OTHER = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
})

/** A time for people, in as few words as are clear today. */
export function when(iso: string, now: Date = new Date()): string {
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return ''
  if (time.toDateString() === now.toDateString()) return SAME_DAY.format(time)
  return (time.getFullYear() === now.getFullYear() ? SAME_YEAR : OTHER).format(time)
}

/** `1 file`, `2 files`. */
export function count(number: number, one: string, more: string = `${one}s`): string {
  return `${number} ${number === 1 ? one : more}`
}
