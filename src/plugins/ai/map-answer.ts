import { type Call, type Driver, isUnmapped } from './driver.ts'
import { type JsonObject, parseJson } from './json-reading.ts'

/** An answer in OpenAI's words, or why there is none. */
export type MappedAnswer =
  | { readonly text: string; readonly answer: JsonObject }
  | { readonly error: string }

/** Puts a provider's answer in OpenAI's words; one that is in them already is left as it is written. */
export function mapAnswer(driver: Driver, call: Call, text: string): MappedAnswer {
  const { model, route } = call
  const given = parseJson(text)
  const answer = driver.answer(given, call)
  if (isUnmapped(answer)) {
    const type = `${model.provider}://${route}`
    return { error: `transformation failed from type ${type}: ${answer.error}` }
  }
  return { text: answer === given ? text : JSON.stringify(answer), answer }
}
