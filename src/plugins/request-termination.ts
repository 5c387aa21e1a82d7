import { checkHeaderName } from '../entities/texts.ts'
import { definePlugin } from '../pdk/plugin.ts'

/** Answers by itself, with a status and text of choice. */
export const requestTermination = definePlugin({
  name: 'request-termination',
  priority: 2,
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
})

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

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
