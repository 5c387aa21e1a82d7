import type { Exchange } from '../pdk/exchange.ts'
import type { Kit } from '../pdk/kit.ts'
import { definePlugin } from '../pdk/plugin.ts'
import { type Asked, askedBy, rememberAsked } from './ai/asked.ts'
import { isUnmapped, type LlmConfig } from './ai/driver.ts'
import { llmChecks, llmFields, llmFormat, maxRequestBodySize } from './ai/llm-fields.ts'
import { checkLogin, cloudLogin, withRegion } from './ai/login.ts'
import { passAnswer, watchAnswer, withoutCookies } from './ai/pass-answer.ts'
import { PROMPT_LIMIT, readPrompt, refuse } from './ai/prompt.ts'
import { type Question, questionReader } from './ai/question.ts'
import { sendQuestion } from './ai/send-question.ts'
import { logTold, usageOf } from './ai/statistics.ts'
import { countsItself, estimatedPrompt } from './ai/words.ts'

/** Speaks to models of many providers in one format. */
export const aiProxy = definePlugin(
  {
    name: 'ai-proxy',
    priority: 770,
    about: {
      summary:
        'Lets clients speak to models of many providers in one format, that of OpenAI, with a key of yours.',
      example: {
        route_type: 'llm/v1/chat',
        auth: { header_name: 'Authorization', header_value: 'Bearer sesame' },
        model: { provider: 'openai', name: 'gpt-4o', options: { max_tokens: 512 } },
      },
      notes: [
        'The request goes to the model in place of its service, whose timeouts and retries count. Its path is that of the provider, or of `upstream_url`; with `route_type: preserve` the request passes as it is.',
        'What is chosen in `model.options` counts before what a client asks for, and so does `model.name`; without it clients choose the model.',
        'Answers come in the words of OpenAI, streams too, whoever is asked. Answers with another status than 200 pass as they are.',
        '`$(headers.name)`, `$(query_params.name)` and `$(uri_captures.name)` in an option, one within `gemini` or `bedrock` too, or in the name stand for what the request says there; the first of a text counts.',
        'Without `aws_access_key_id` and `aws_secret_access_key` `bedrock` signs with what the environment, AWS’ shared files, ECS, EKS or the EC2 machine lends, as aws-lambda does; without `aws_region` that of `AWS_REGION` or `AWS_DEFAULT_REGION` counts. `gemini` takes a key, or a service account with `gcp_service_account_json`, and asks nobody else.',
        'With `llm_format` `gemini` or `bedrock` clients speak the words of that provider: the model and whether to stream are in the path (`/models/<model>:streamGenerateContent`, `/model/<model>/converse`), and bodies pass as they are, both ways. `model.options` do not change them.',
        'With `log_statistics` log plugins write tokens, cost and latency under `ai.proxy`; with `log_payloads` what was said.',
      ],
    },
    needs: (_caps, config) => checkLogin(config),
    config: {
      type: 'record',
      required: true,
      fields: {
        ...llmFields,
        response_streaming: {
          type: 'string',
          required: false,
          default: 'allow',
          one_of: ['allow', 'deny', 'always'],
        },
        max_request_body_size: maxRequestBodySize,
        model_name_header: { type: 'boolean', default: true },
        llm_format: llmFormat,
      },
      entity_checks: llmChecks,
    },
    entityChecks: [
      {
        conditional: {
          if_field: 'config.llm_format',
          if_match: { one_of: ['bedrock', 'gemini'] },
          then_field: 'config.route_type',
          then_match: { eq: 'llm/v1/chat' },
          then_err:
            "native provider options in llm_format can only be used with the 'llm/v1/chat' route_type",
        },
      },
      {
        conditional: {
          if_field: 'config.llm_format',
          if_match: { eq: 'bedrock' },
          then_field: 'config.model.provider',
          then_match: { eq: 'bedrock' },
          then_err:
            "native llm_format 'bedrock' can only be used with the 'bedrock' model.provider",
        },
      },
      {
        conditional: {
          if_field: 'config.llm_format',
          if_match: { eq: 'gemini' },
          then_field: 'config.model.provider',
          then_match: { eq: 'gemini' },
          then_err: "native llm_format 'gemini' can only be used with the 'gemini' model.provider",
        },
      },
    ],
  },
  (given, kit) => {
    const config = withRegion(given, kit.runtime)
    const limit = config.max_request_body_size ?? PROMPT_LIMIT
    const asking = { streaming: config.response_streaming, format: config.llm_format }
    const read = questionReader(config, asking)
    const sending = { config, login: cloudLogin(config, kit), kit }
    const answering = { config, modelHeader: config.model_name_header === true, kit }

    return {
      async access(exchange) {
        const at = kit.runtime.now()
        const body = await readPrompt(exchange, limit)
        if (body === undefined) return refuse(400, NO_JSON)
        const question = read(exchange.request, body)
        if (isUnmapped(question)) return refuse(400, question.error)
        const exit = await sendQuestion(exchange, question, sending)
        if (exit === undefined) rememberAsked(exchange, config, newAsked(question, config, at))
        return exit
      },
      response(exchange) {
        const asked = askedBy(exchange, config)
        const { source, status } = exchange.response
        if (asked === undefined || source !== 'service') return undefined
        withoutCookies(exchange, asked)
        const pass = status === 200 ? passAnswer : watchAnswer
        return pass(exchange, asked, answering)
      },
      log(exchange) {
        const asked = askedBy(exchange, config)
        if (asked !== undefined) logAsked(exchange, asked, { config, kit })
      },
    }
  },
)

const NO_JSON = 'content-type header does not match request body, or bad JSON formatting'

function newAsked(question: Question, { logging }: LlmConfig, at: number): Asked {
  const { call, body } = question
  const estimated = countsItself(call.model.provider)
    ? undefined
    : estimatedPrompt(body, call.streaming ? 1.8 : 1)
  const request = logging.log_payloads ? JSON.stringify(body) : ''
  return { question, at, request, estimated, answer: undefined }
}

function logAsked(
  exchange: Exchange,
  { question, request, estimated, answer }: Asked,
  { config, kit }: { readonly config: LlmConfig; readonly kit: Kit },
): void {
  const about = { config, name: 'proxy', pluginId: kit.plugin.id }
  const { call } = question
  const latency = answer?.latency ?? 0
  const usage = usageOf(answer?.usage ?? { prompt: estimated }, { call, latency })
  logTold(exchange, about, {
    ...question,
    request,
    statistics: { usage },
    responseModel: answer?.responseModel,
    latency,
    response: answer?.text,
  })
}
