import { type Call, type Driver, isUnmapped } from './driver.ts'
import { type JsonObject, parseJson } from './json-reading.ts'

/** An answer in OpenAI's words, or why there is none. */
export type MappedAnswer =
  | { readonly text: string; readonly answer: JsonObject }
  | { readonly error: string }

/** Puts a provider's answer in OpenAI's words; one that is in them already is left as it is written. */
export function mapAnswer(driver: Driver, call: Call, text: string): MappedAnswer {
  const given = parseJson(text)
  const answer = driver.answer(given, call)
  if (isUnmapped(answer)) return failed(call, answer.error)
  return { text: answer === given ? text : JSON.stringify(answer), answer }
}

/** The same of an answer that a body is made of, which must have passed its provider's own checks. */
export function mapMade(driver: Driver, call: Call, text: string): MappedAnswer {
  const breached = driver.breached?.(parseJson(text))
  return breached === undefined ? mapAnswer(driver, call, text) : failed(call, breached)
}

function failed({ model, route }: Call, why: string): MappedAnswer {
  return { error: `transformation failed from type ${model.provider}://${route}: ${why}` }
}
