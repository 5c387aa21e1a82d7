import { RE2JS } from 're2js'
import { messageOf } from './message-of.ts'
import { compileRouteRegex } from './regex.ts'

/** Why a regex of a route cannot be run in linear time, as text; undefined when it can. */
export function checkRouteRegex(source: string): string | undefined {
  try {
    RE2JS.compile(source)
    // What is stored must be what the router can run.
    compileRouteRegex(source)
    return undefined
  } catch (error) {
    const text = messageOf(error)
    const reason = text.replace(/^error parsing regexp: /, '')
    if (/\(\?(?:<?[=!])/.test(source)) return `${reason}; look-around is not supported`
    return /\\[1-9]/.test(source) ? `${reason}; back-references are not supported` : reason
  }
}
