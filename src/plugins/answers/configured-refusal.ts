import { type Exit, refusal, UNEXPECTED } from '../../pdk/exit.ts'

/** Refuses with a status that was configured. Kong: one that tells of no error is an error of its own. */
export function configuredRefusal(status: number, message: string): Exit {
  const isError = Number.isInteger(status) && status >= 400 && status <= 599
  return isError ? refusal(status, message) : UNEXPECTED
}
