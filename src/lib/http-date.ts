const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`. */
const FORMS = [
  /^\w+, *(?<day>\d\d) (?<month>\w{3}) (?<year>\d{4}) (?<h>\d\d):(?<m>\d\d):(?<s>\d\d)/,
  /^\w+, *(?<day>\d\d)-(?<month>\w{3})-(?<year>\d\d) (?<h>\d\d):(?<m>\d\d):(?<s>\d\d)/,
  /^\w{3} (?<month>\w{3}) (?<day>[ \d]\d) (?<h>\d\d):(?<m>\d\d):(?<s>\d\d) (?<year>\d{4})/,
]

/** The time an HTTP date tells, in milliseconds since 1970. nginx: whatever stands behind, the zone is GMT. */
export function parseHttpDate(text: string): number | undefined {
  for (const form of FORMS) {
    const groups = form.exec(text.trim())?.groups
    if (groups !== undefined) return timeOf(groups)
  }
  return undefined
}

function timeOf(groups: Readonly<Record<string, string>>): number | undefined {
  const number = (name: string): number => Number(groups[name])
  const month = MONTHS.indexOf(groups.month ?? '')
  const [day, hours, minutes, seconds] = [number('day'), number('h'), number('m'), number('s')]
  if (month < 0 || hours > 23 || minutes > 59 || seconds > 59) return undefined
  const time = Date.UTC(fullYear(number('year')), month, day, hours, minutes, seconds)
  // A day that the month does not have is carried into another one.
  return new Date(time).getUTCDate() === day ? time : undefined
}

function fullYear(year: number): number {
  if (year >= 100) return year
  return year < 70 ? 2000 + year : 1900 + year
}
