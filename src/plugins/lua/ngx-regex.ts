import { type Matcher, RE2JS } from 're2js'
import { messageOf } from '../../lib/message-of.ts'
import { createRecentMap } from '../../lib/recent-map.ts'
import {
  type LuaData,
  LuaFault,
  type LuaModule,
  type LuaValue,
  type Several,
  several,
} from '../../pdk/lua-engine.ts'
import { isTable, textIn } from './arguments.ts'

const compiled = createRecentMap<string, RE2JS>(500)

/** `ngx.re`, in linear time: a regex with look-around or back-references is refused. */
export const ngxRegex: LuaModule = {
  members: {
    match: (subject, regex, options, context) =>
      orError(() => {
        const matcher = matcherFor(subject, regex, options)
        if (!matcher.find(startIn(context))) return undefined
        moveOn(context, matcher)
        return matchOf(matcher, named(regex))
      }),
    find: (subject, regex, options, context, group) =>
      orError(() => {
        const matcher = matcherFor(subject, regex, options)
        if (!matcher.find(startIn(context))) return undefined
        moveOn(context, matcher)
        const at = typeof group === 'number' ? group : 0
        return several(matcher.start(at) + 1, matcher.end(at))
      }),
    gmatch: () => {
      throw new LuaFault('ngx.re.gmatch is not supported here, use ngx.re.match with a context')
    },
    gsub: (subject, regex, by, options) => replace(subject, regex, { by, options, all: true }),
    sub: (subject, regex, by, options) => replace(subject, regex, { by, options, all: false }),
  },
}

interface Replacing {
  readonly by: LuaValue
  readonly options: LuaValue
  readonly all: boolean
}

function replace(subject: LuaValue, regex: LuaValue, { by, options, all }: Replacing) {
  return orError(() => {
    const text = textIn(subject, 'subject')
    const matcher = matcherFor(subject, regex, options)
    let [made, at, count] = ['', 0, 0]
    while ((all || count === 0) && matcher.find()) {
      made += text.slice(at, matcher.start()) + replacement(matcher, by)
      at = matcher.end()
      count++
    }
    return several(made + text.slice(at), count)
  })
}

function replacement(matcher: Matcher, by: LuaValue): string {
  if (typeof by === 'object' && by?.kind === 'function') {
    return textIn(by.call(matchOf(matcher, []))[0], 'replacement')
  }
  return textIn(by, 'replacement').replace(/\$(?:\$|(\d+)|\{(\d+)\})/g, (all, bare, braced) => {
    if (all === '$$') return '$'
    const group = Number(bare ?? braced)
    return group <= matcher.groupCount() ? (matcher.group(group) ?? '') : ''
  })
}

/** Groups by number and by name; one that took no part is `false`. */
function matchOf(matcher: Matcher, names: readonly string[]): LuaData {
  const entries: [string | number, LuaData][] = [[0, matcher.group(0) ?? '']]
  for (let group = 1; group <= matcher.groupCount(); group++) {
    entries.push([group, matcher.group(group) ?? false])
  }
  for (const name of names) entries.push([name, matcher.group(name) ?? false])
  return new Map(entries)
}

function named(regex: LuaValue): string[] {
  const source = textIn(regex, 'regex')
  return Array.from(source.matchAll(/\(\?P?<([A-Za-z]\w*)>/g), ([, name = '']) => name)
}

function matcherFor(subject: LuaValue, regex: LuaValue, options: LuaValue): Matcher {
  const flags = options === undefined ? '' : textIn(options, 'options')
  const inline = ['i', 's', 'm'].filter((flag) => flags.includes(flag)).join('')
  const anchor = flags.includes('a') ? '^' : ''
  const source = textIn(regex, 'regex')
  const whole = `${inline === '' ? '' : `(?${inline})`}${anchor}${anchor === '' ? source : `(?:${source})`}`
  return compile(whole).matcher(textIn(subject, 'subject'))
}

function compile(source: string): RE2JS {
  const known = compiled.get(source)
  if (known !== undefined) return known
  try {
    const made = RE2JS.compile(source)
    compiled.set(source, made)
    return made
  } catch (error) {
    throw new LuaFault(`regex: ${messageOf(error)}`)
  }
}

function startIn(context: LuaValue): number {
  const at = isTable(context) ? context.get('pos') : undefined
  return typeof at === 'number' && at > 1 ? at - 1 : 0
}

function moveOn(context: LuaValue, matcher: Matcher): void {
  if (isTable(context)) context.set('pos', matcher.end() + 1)
}

/** OpenResty: what is wrong with a regex comes back, and is not thrown. */
function orError(act: () => LuaData | Several): LuaData | Several {
  try {
    return act()
  } catch (error) {
    if (error instanceof LuaFault && error.message.startsWith('regex: ')) {
      return several(undefined, undefined, error.message.slice(7))
    }
    throw error
  }
}
