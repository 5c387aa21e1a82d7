const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** A time as log files of web servers have it, in UTC: `10/Oct/2000:13:55:36 +0000`. */
export function requestTime(milliseconds: number): string {
  const at = new Date(milliseconds)
  const day = String(at.getUTCDate()).padStart(2, '0')
  const time = at.toISOString().slice(11, 19)
  return `${day}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}:${time} +0000`
}
