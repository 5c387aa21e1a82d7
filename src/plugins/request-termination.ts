import { checkHeaderName } from '../entities/texts.ts'
import { toByteString } from '../lib/byte-string.ts'
import type { Exchange } from '../pdk/exchange.ts'
import { type Exit, exitJson, exitWith } from '../pdk/exit.ts'
import { namedHeader } from '../pdk/named-header.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { finalStatus } from './answers/final-status.ts'
import { echoOf } from './request-termination/echo.ts'

/** Answers by itself, with a status and text of choice. */
export const requestTermination = definePlugin(
  {
    name: 'request-termination',
    priority: 2,
    about: {
      summary: 'Answers by itself, so that a route or service can be closed for a while.',
      example: { status_code: 503, message: 'Back at noon' },
      notes: [
        'Without `message` and `body`, 401, 404, 405, 500, 502 and 503 answer with a message of their own, other codes with an empty body. A `body` is sent as it is, with the `content_type` given.',
        'With `trigger` only requests are answered that have a header or a query argument of that name; others pass.',
        '`echo` answers with what was understood of the request and where it would have gone. It tells the client of your configuration: use it to look into a problem, and not for everybody.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        status_code: { type: 'integer', required: true, default: 503, between: [100, 599] },
        message: { type: 'string' },
        content_type: { type: 'string' },
        body: { type: 'string' },
        echo: { type: 'boolean', required: true, default: false },
        trigger: { type: 'string', check: checkHeaderName },
      },
      check: checkAnswer,
    },
  },
  (config, kit) => {
    const { trigger } = config
    const status = finalStatus(config.status_code)
    const message = config.message ?? MESSAGES.get(status)
    const answer = fixedAnswer(status, { ...config, message })

    return {
      access(exchange) {
        if (isText(trigger) && !isTriggered(exchange, trigger)) return undefined
        if (!config.echo) return answer
        return echoOf(exchange, { kit, message }).then((echo) => exitJson(status, echo))
      },
    }
  },
)

/** What is said where no message is configured. */
const MESSAGES = new Map([
  [401, 'Unauthorized'],
  [404, 'Not found'],
  [405, 'Method not allowed'],
  [500, 'An unexpected error occurred'],
  [502, 'Bad Gateway'],
  [503, 'Service unavailable'],
])

interface Words {
  readonly message: string | undefined
  readonly body: string | null
  readonly content_type: string | null
}

function fixedAnswer(status: number, { message, body, content_type: type }: Words): Exit {
  if (body !== null) {
    const headers = isText(type) ? ['Content-Type', toByteString(type)] : []
    return exitWith(status, { body, headers })
  }
  return message === undefined ? exitWith(status) : exitJson(status, { message })
}

function isTriggered({ request }: Exchange, trigger: string): boolean {
  return namedHeader(request.headers, trigger) !== undefined || request.queryArg(trigger).length > 0
}

function checkAnswer(config: Readonly<Record<string, unknown>>): string | undefined {
  const hasType = isText(config.content_type)
  const hasBody = isText(config.body)
  if (isText(config.message) && (hasType || hasBody)) {
    return 'message cannot be used with content_type or body'
  }
  if (hasType && !hasBody) return 'content_type requires a body'
  return config.echo === true && hasBody
    ? 'echo cannot be used with content_type and body'
    : undefined
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
