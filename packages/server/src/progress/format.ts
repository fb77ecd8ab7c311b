const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** Formats bytes for people: `0 B`, `1.5 MiB`. */
export function formatBytes(count: number): string {
  let value = count
  let unit = 0
  while (value >= 1_023.95 && unit < UNITS.length - 1) {
    value /= 1_024
    unit += 1
  }
  return `${unit === 0 ? String(value) : value.toFixed(1)} ${UNITS[unit] ?? ''}`
}

/** Formats milliseconds for people: `00:07`, `1:02:03`, `3d 04h`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000)
  const twoDigits = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const [minutes, hours] = [(seconds / 60) % 60, Math.floor(seconds / 3_600)]
  if (hours >= 24) return `${Math.floor(hours / 24)}d ${twoDigits(hours % 24)}h`
  return `${hours > 0 ? `${hours}:` : ''}${twoDigits(minutes)}:${twoDigits(seconds % 60)}`
}

/** Formats how much of an upload is stored: `100%` only when all of it is. */
export function formatPercent(offset: number, length: number | null): string {
  if (length === null) return '?%'
  return `${length === 0 ? 100 : Math.floor((offset * 100) / length)}%`
}

/** Formats `1.0 MiB of 2.0 MiB`, or the stored bytes alone while the length is not known. */
export function formatAmount(offset: number, length: number | null): string {
  return length === null ? formatBytes(offset) : `${formatBytes(offset)} of ${formatBytes(length)}`
}
