import type { Usage } from './driver.ts'
import type { StreamTold } from './map-stream.ts'

/** What was said in a stream as one answer, for the log. */
export function composedAnswer(
  { text, finishReason }: Pick<StreamTold, 'text' | 'finishReason'>,
  { prompt = 0, completion = 0 }: Usage,
): string {
  const message = { role: 'assistant', content: text }
  return JSON.stringify({
    choices: [{ finish_reason: finishReason, index: 0, logprobs: null, message }],
    object: 'chat.completion',
    // Kong: the same once more.
    response: text,
    usage: {
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: prompt + completion,
    },
  })
}
