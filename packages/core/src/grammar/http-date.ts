const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const MONTH = `(?<month>${MONTHS.join('|')})`
const TIME = '(?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})'
const SHORT_DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'
const LONG_DAY = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day'

/** The current format, and the two obsolete ones that must still be read (RFC 9110, section 5.6.7). */
const FORMS = [
  new RegExp(`^${SHORT_DAY}, (?<day>[0-9]{2}) ${MONTH} (?<year>[0-9]{4}) ${TIME} GMT$`),
  new RegExp(`^${LONG_DAY}, (?<day>[0-9]{2})-${MONTH}-(?<year>[0-9]{2}) ${TIME} GMT$`),
  new RegExp(`^${SHORT_DAY} ${MONTH} (?<day>[0-9 ][0-9]) ${TIME} (?<year>[0-9]{4})$`),
]

/**
 * Reads an HTTP date. Null for any other text, also for text that `Date.parse` accepts. `Date.toUTCString`
 * writes an HTTP date.
 */
export function parseHttpDate(text: string): Date | null {
  for (const form of FORMS) {
    const parts = form.exec(text)?.groups
    if (parts !== undefined) return toDate(parts)
  }
  return null
}

function toDate(parts: Readonly<Record<string, string>>): Date | null {
  const { day = '', month = '', year = '', hour = '', minute = '', second = '' } = parts
  // A leap second is a valid time. `Date` reads it as the next minute.
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null
  const fullYear = year.length === 2 ? nearestYear(Number(year)) : Number(year)
  const date = new Date(0)
  date.setUTCFullYear(fullYear, MONTHS.indexOf(month), Number(day))
  if (date.getUTCDate() !== Number(day)) return null
  date.setUTCHours(Number(hour), Number(minute), Number(second))
  return date
}

/** A year of two digits is never more than 50 years in the future. */
function nearestYear(twoDigits: number): number {
  const now = new Date().getUTCFullYear()
  const year = now - (now % 100) + twoDigits
  return year > now + 50 ? year - 100 : year
}
