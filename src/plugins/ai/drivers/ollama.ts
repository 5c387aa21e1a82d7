import { isObject } from '../../../schema/field.ts'
import { type Call, DONE, type EventMapper, type Unmapped, unmapped } from '../driver.ts'
import { type JsonObject, numberAt, parseObject, textAt } from '../json-reading.ts'
import { mergeOptions } from '../merge-options.ts'

/** A request for Ollama. */
export function ollamaRequest(body: JsonObject, { model, route }: Call): JsonObject {
  const { max_tokens, temperature, top_p, top_k } = mergeOptions(body, model.options)
  return {
    ...(route === 'llm/v1/chat' ? { messages: body.messages } : { prompt: body.prompt }),
    stream: body.stream ?? false,
    model: model.name,
    tools: body.tools,
    tool_choice: body.tool_choice,
    options: { num_predict: max_tokens, temperature, top_p, top_k },
  }
}

/** Its answer. */
export function ollamaAnswer(answer: unknown, { model, route }: Call): JsonObject | Unmapped {
  if (!isObject(answer)) return unmapped('failed to decode ollama response')
  const prompt = numberAt(answer, 'prompt_eval_count') ?? 0
  const completion = numberAt(answer, 'eval_count') ?? 0
  const usage = {
    completion_tokens: completion,
    prompt_tokens: prompt,
    total_tokens: prompt + completion,
  }
  const head = { model: answer.model, created: answer.created_at, usage }
  if (route !== 'llm/v1/chat') {
    const choices = [{ index: 0, text: answer.response }]
    return { ...head, object: 'text_completion', choices }
  }
  // Ollama itself does not say why it stopped.
  const most = numberAt(model.options, 'max_tokens')
  const likely = most !== undefined && answer.eval_count === most ? 'length' : 'stop'
  const finish_reason = textAt(answer, 'finish_reason') ?? likely
  const choices = [{ finish_reason, index: 0, message: answer.message }]
  return { ...head, object: 'chat.completion', choices }
}

/** Its stream: JSON objects, one a line. */
export function ollamaEvents({ route }: Call): EventMapper {
  const chat = route === 'llm/v1/chat'
  return ({ data }) => {
    const said = parseObject(data)
    if (said === undefined) return {}
    if (said.done === true) {
      const prompt = numberAt(said, 'prompt_eval_count') ?? 0
      return { data: DONE, usage: { prompt, completion: numberAt(said, 'eval_count') ?? 0 } }
    }
    const words = chat
      ? { delta: { content: textAt(said, 'message', 'content') ?? '' } }
      : { text: textAt(said, 'response') ?? '' }
    const object = chat ? 'chat.completion.chunk' : 'text_completion'
    const choices = [{ ...words, index: 0 }]
    return { data: JSON.stringify({ choices, model: said.model, object }) }
  }
}
