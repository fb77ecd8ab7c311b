const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** Bytes for people: `0 B`, `1.5 MiB`. */
export function bytes(count: number): string {
  let value = count
  let unit = 0
  while (value >= 1_023.95 && unit < UNITS.length - 1) {
    value /= 1_024
    unit += 1
  }
  return `${unit === 0 ? String(value) : value.toFixed(1)} ${UNITS[unit] ?? ''}`
}

/** Milliseconds for people: `00:07`, `1:02:03`, `3d 04h`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000)
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  const [minutes, hours] = [(seconds / 60) % 60, Math.floor(seconds / 3_600)]
  if (hours >= 24) return `${Math.floor(hours / 24)}d ${two(hours % 24)}h`
  return `${hours > 0 ? `${hours}:` : ''}${two(minutes)}:${two(seconds % 60)}`
}

/** How much of an upload is there; a hundred only when it is all. */
export function percent(offset: number, length: number | null): string {
  if (length === null) return '?%'
  return `${length === 0 ? 100 : Math.floor((offset * 100) / length)}%`
}

/** `1.0 MiB of 2.0 MiB`, or what is there of an upload whose length is not known yet. */
export function amount(offset: number, length: number | null): string {
  return length === null ? bytes(offset) : `${bytes(offset)} of ${bytes(length)}`
}
