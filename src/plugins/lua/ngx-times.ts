import { parseHttpDate } from '../../lib/http-date.ts'
import type { Kit } from '../../pdk/kit.ts'
import type { LuaNative } from '../../pdk/lua-engine.ts'
import { numberIn, stringIn } from './arguments.ts'

/** What of `ngx` tells the time, or makes a text of one. */
export function ngxTimes({
  now,
}: Pick<Kit['runtime'], 'now'>): Readonly<Record<string, LuaNative>> {
  const dateTime = () => new Date(now()).toISOString().slice(0, 19).replace('T', ' ')
  return {
    now: () => now() / 1000,
    time: () => Math.floor(now() / 1000),
    update_time: () => undefined,
    today: () => dateTime().slice(0, 10),
    utctime: dateTime,
    localtime: dateTime,
    http_time: (seconds) => new Date(numberIn(seconds, 'seconds') * 1000).toUTCString(),
    cookie_time: (seconds) => cookieTime(new Date(numberIn(seconds, 'seconds') * 1000)),
    parse_http_time: (text) => {
      const time = parseHttpDate(stringIn(text, 'time'))
      return time === undefined ? undefined : time / 1000
    },
  }
}

/** nginx: two digits of a year, but for those that old clients would take for another century's. */
function cookieTime(date: Date): string {
  const [weekday = '', day, month, year = '', clock] = date.toUTCString().split(' ')
  const shown = Number(year) > 2037 ? year : year.slice(-2)
  return `${weekday} ${day}-${month}-${shown} ${clock} GMT`
}
