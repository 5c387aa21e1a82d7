import { definePlugin } from '../pdk/plugin.ts'
import { parseObject } from './ai/json-reading.ts'
import { maxRequestBodySize } from './ai/llm-fields.ts'
import { addToAiLog } from './ai/log.ts'
import { PROMPT_LIMIT, readText, refuse, replaceText } from './ai/prompt.ts'
import { renderTemplate } from './ai/render-template.ts'

/** Fills prompts in from templates. */
export const aiPromptTemplate = definePlugin(
  {
    name: 'ai-prompt-template',
    priority: 773,
    about: {
      summary:
        'Lets clients name a prompt of yours and fill in its blanks, instead of writing one.',
      example: {
        templates: [
          {
            name: 'developer-chat',
            template:
              '{"messages": [{"role": "user", "content": "Write {{program}} in {{language}}."}]}',
          },
        ],
        allow_untemplated_requests: false,
      },
      notes: [
        'A client sends `{"messages": "{template://developer-chat}", "properties": {"language": "Lua", "program": "a loop"}}`, or `prompt` in place of `messages`. What it fills in is escaped as JSON wants it, so that it cannot leave its text.',
        'Every blank has to be filled in; else the answer is 400 and names those that are not.',
      ],
    },
    config: {
      type: 'record',
      required: true,
      fields: {
        templates: {
          type: 'array',
          required: true,
          elements: {
            type: 'record',
            required: true,
            fields: {
              name: { type: 'string', required: true },
              template: { type: 'string', required: true },
            },
          },
        },
        allow_untemplated_requests: { type: 'boolean', required: true, default: true },
        log_original_request: { type: 'boolean', required: true, default: false },
        max_request_body_size: maxRequestBodySize,
      },
    },
  },
  (config) => {
    const limit = config.max_request_body_size ?? PROMPT_LIMIT
    const templates = new Map(
      // Kong: the first of a name counts.
      config.templates.toReversed().map(({ name, template }) => [name, template]),
    )

    return {
      async access(exchange) {
        const text = await readText(exchange, limit)
        if (config.log_original_request && text !== undefined) {
          addToAiLog(exchange, 'payload', { original_request: text })
        }
        const body = text === undefined ? undefined : parseObject(text)
        if (body === undefined) return refuse(400, NO_JSON)
        const { messages, prompt, properties } = body
        if (messages !== undefined && prompt !== undefined) return refuse(400, BOTH)
        const reference = messages ?? prompt
        if (reference === undefined) return refuse(400, NEITHER)
        const name = nameIn(reference)
        if (name === undefined) {
          return config.allow_untemplated_requests ? undefined : refuse(400, UNTEMPLATED)
        }
        const template = templates.get(name)
        if (template === undefined) return refuse(400, `could not find template name [${name}]`)
        const rendered = renderTemplate(template, properties === undefined ? {} : properties)
        if (typeof rendered !== 'string') return refuse(400, rendered.error)
        replaceText(exchange, rendered)
        return undefined
      },
    }
  },
)

const NO_JSON = 'this LLM route only supports application/json requests'
const BOTH = "cannot run 'messages' and 'prompt' templates at the same time"
const NEITHER = "only 'llm/v1/chat' and 'llm/v1/completions' formats are supported for templating"
const UNTEMPLATED = 'this LLM route only supports templated requests'

/** The name in `{template://name}`. */
function nameIn(reference: unknown): string | undefined {
  if (typeof reference !== 'string') return undefined
  return /^\{template:\/\/(.*)\}$/s.exec(reference)?.[1]
}
