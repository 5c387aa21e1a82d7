import { bytesOf } from '../../lib/latin1.ts'
import type { Exit } from '../../pdk/exit.ts'
import { exitWith, refusal } from '../../pdk/exit.ts'
import { clean } from '../../pdk/headers.ts'
import { LuaEnd, LuaFault, type LuaNative, type LuaValue } from '../../pdk/lua-engine.ts'
import { isTable, itemsOf, numberIn, stringIn, textIn } from './arguments.ts'
import { messageFor } from './http-messages.ts'
import { chosenStatus } from './pending.ts'
import { endWith, type LuaRun, type LuaScope } from './scope.ts'

/** What of `ngx` answers the client. */
export function ngxAnswer(scope: LuaScope): Readonly<Record<string, LuaNative>> {
  const say = (args: readonly LuaValue[], end: string): undefined => {
    const run = scope.nginx('rewrite', 'access')
    run.said += args.map(printed).join('') + end
  }
  return {
    say: (...args) => say(args, '\n'),
    print: (...args) => say(args, ''),
    flush: () => undefined,
    eof: () => undefined,
    exit: (status) => exit(scope.run(), numberIn(status, 'status')),
    redirect: (uri, status) => {
      const code = status === undefined ? 302 : numberIn(status, 'status')
      if (![301, 302, 303, 307, 308].includes(code)) {
        throw new LuaFault(NO_REDIRECT)
      }
      const headers = ['Location', clean(stringIn(uri, 'uri'))]
      return endWith(scope.nginx('rewrite', 'access'), exitWith(code, { headers }))
    },
  }
}

const NO_REDIRECT =
  'only ngx.HTTP_MOVED_TEMPORARILY, ngx.HTTP_MOVED_PERMANENTLY, ngx.HTTP_PERMANENT_REDIRECT, ngx.HTTP_SEE_OTHER, and ngx.HTTP_TEMPORARY_REDIRECT are allowed'

/** The answer made by `ngx.say` alone, which has no type of its own; undefined when nothing was said. */
export function saidAnswer(run: LuaRun): Exit | undefined {
  if (run.said === '') return undefined
  return exitWith(chosenStatus(run) ?? 200, { body: bytesOf(run.said) })
}

/** `ngx.exit`: 0 ends the function alone, and what was said before is the answer. */
function exit(run: LuaRun, status: number): never {
  if (run.phase === 'certificate' && (status < 0 || status >= 400)) {
    // Kong: an error ends the handshake; nobody is there to be answered.
    return endWith(run, refusal(500, ''))
  }
  const isHead = run.phase === 'rewrite' || run.phase === 'access' || run.phase === 'header_filter'
  if (!isHead || status === 0) throw new LuaEnd('the function is done')
  const said = saidAnswer(run)
  if (said !== undefined) return endWith(run, said)
  const code = status < 100 || status > 599 ? 500 : status
  const chosen = status === 200 ? (chosenStatus(run) ?? 200) : code
  return endWith(run, chosen < 400 ? exitWith(chosen) : refusal(chosen, messageFor(chosen)))
}

function printed(value: LuaValue): string {
  if (value === undefined || value === null) return value === null ? 'null' : 'nil'
  if (isTable(value)) return itemsOf(value).map(printed).join('')
  if (typeof value === 'object') throw new LuaFault('bad argument (string expected, got function)')
  return textIn(value, 'argument')
}
