import { createLocator, type Locator } from '../../src/declarative/locate.ts'
import {
  type DocumentPath,
  InvalidConfig,
  type Violation,
} from '../../src/declarative/violation.ts'
import { messageOf } from '../../src/lib/message-of.ts'
import { EntityError } from '../../src/schema/entity-error.ts'

/** A configuration file as it was read. */
export interface ConfigFile {
  readonly file: string
  readonly text: string
}

/** What is wrong with a file, one line each: `kong.yaml:12:5: services.1.port: expected an integer`. */
export function configErrors(error: unknown, { file, text }: ConfigFile): string[] {
  if (!(error instanceof InvalidConfig)) return [`${file}: ${refusalOf(error)}`]
  const locate = createLocator(text)
  return error.violations
    .map((violation) => ({ violation, at: violation.at ?? locate(violation.path) }))
    .sort((a, b) => orderOf(a.at) - orderOf(b.at))
    .map(({ violation, at }) => {
      const place = at === undefined ? file : `${file}:${at.line}:${at.column}`
      return `${place}: ${sentence(violation)}`
    })
}

/** An error for a person, on one line. */
export function refusalOf(error: unknown): string {
  const hint = error instanceof EntityError && error.hint !== undefined ? ` (${error.hint})` : ''
  return messageOf(error) + hint
}

/** Lines of a text come before each other; columns never reach this many. */
function orderOf(at: ReturnType<Locator>): number {
  return at === undefined ? 0 : at.line * 2 ** 24 + at.column
}

function sentence({ path, text, hint }: Violation): string {
  const about = path.length === 0 ? text : `${pathText(path)}: ${text}`
  return hint === undefined ? about : `${about} (${hint})`
}

/** As Kong writes paths: lists count from one. */
function pathText(path: DocumentPath): string {
  return path.map((step) => (typeof step === 'number' ? step + 1 : step)).join('.')
}
