import { definePlugin } from '../pdk/plugin.ts'
import { createTransform, needsForAsking } from './ai/ask-model.ts'
import { askingFields, transformerChecks } from './ai/llm-fields.ts'
import { PROMPT_LIMIT, readText, refuse, replaceText } from './ai/prompt.ts'

/** Has a model rewrite the request. */
export const aiRequestTransformer = definePlugin(
  {
    name: 'ai-request-transformer',
    priority: 777,
    about: {
      summary: "Has a model rewrite a request's body before it goes to the upstream.",
      example: {
        prompt: 'Turn the JSON given to you into XML. Say nothing else.',
        llm: {
          route_type: 'llm/v1/chat',
          auth: { header_name: 'Authorization', header_value: 'Bearer sesame' },
          model: { provider: 'openai', name: 'gpt-4o' },
        },
      },
      notes: [
        'The model is asked beside the request, once, with `prompt` as the system and the body as the user. `config.llm` is as for ai-proxy, chat alone.',
        'A model that cannot be asked or that answers something else ends the request with 400. `transformation_extract_pattern` picks what counts of what it says.',
        'A model at an https URL is asked by the HTTP proxy at `https_proxy_host`, in a tunnel (`CONNECT`); one at a http URL by that at `http_proxy_host`. Google is asked for tokens without. Refused on Workers.',
      ],
    },
    needs: needsForAsking,
    protocolsFirst: true,
    unscoped: ['consumer'],
    config: {
      type: 'record',
      required: true,
      fields: {
        prompt: { type: 'string', required: true },
        transformation_extract_pattern: { type: 'string', required: false },
        ...askingFields,
      },
    },
    entityChecks: transformerChecks,
  },
  (config, kit) => {
    const limit = config.max_request_body_size ?? PROMPT_LIMIT
    const transform = createTransform(config, kit)

    return {
      async access(exchange) {
        const text = await readText(exchange, limit)
        if (text === undefined) return refuse(400, TOO_LONG)
        const made = await transform(exchange, text)
        if (typeof made !== 'string') return refuse(400, made.error)
        replaceText(exchange, made)
        return undefined
      },
    }
  },
)

const TOO_LONG = 'request body is longer than max_request_body_size'
