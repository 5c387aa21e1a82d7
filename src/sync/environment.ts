import { SyncError } from './sync-error.ts'

/** A text with its variables put in, and which values they were. */
export interface Rendered {
  readonly text: string
  /** For masking: whoever reads the output need not be allowed to read the environment. */
  readonly values: readonly string[]
}

/** Puts `${{ env "DECK_X" }}` into a file's text before it is read, as decK does. */
export function renderEnvironment(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Rendered {
  const values: string[] = []
  const rendered = text.replace(EXPRESSION, (_, expression: string) =>
    evaluate(expression.trim(), environment, values),
  )
  return { text: rendered, values }
}

const EXPRESSION = /\$\{\{([\s\S]*?)\}\}/g
const WORD = /"(?:[^"\\]|\\.)*"|`[^`]*`|[()|]|[^\s()|]+/g
const PREFIX = 'DECK_'

/** `env "DECK_X" | toInt` or `toInt (env "DECK_X")`: each stage gets what came before it last. */
function evaluate(
  expression: string,
  environment: Readonly<Record<string, string | undefined>>,
  values: string[],
): string {
  const refuse = () => new SyncError([`cannot read \${{ ${expression} }}; write env "DECK_NAME"`])
  const words = [...(expression.match(WORD) ?? [])]

  const stage = (piped: string | undefined): string => {
    const [name, ...given] = [words.shift(), ...operands()]
    const all = piped === undefined ? given : [...given, piped]
    const result = call(name, all)
    if (result === undefined) throw refuse()
    if (words[0] !== '|') return result
    words.shift()
    return stage(result)
  }
  const operands = (): string[] => {
    const found: string[] = []
    for (let word = words[0]; word !== undefined && word !== '|' && word !== ')'; word = words[0]) {
      words.shift()
      if (word === '(') {
        found.push(stage(undefined))
        if (words.shift() !== ')') throw refuse()
      } else found.push(unquoted(word))
    }
    return found
  }
  const call = (name: string | undefined, [first, second]: readonly string[]) => {
    if (first === undefined) return undefined
    if (name === 'env') return variable(first, environment, values)
    if (name === 'indent' && second !== undefined)
      return second.replaceAll('\n', `\n${' '.repeat(Number(first))}`)
    return name === undefined ? undefined : converted(name, first)
  }

  const result = stage(undefined)
  if (words.length > 0) throw refuse()
  return result
}

function variable(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
  values: string[],
): string {
  if (!name.startsWith(PREFIX)) {
    const why = `environment variables in a file begin with ${PREFIX}; "${name}" does not`
    throw new SyncError([why])
  }
  const value = environment[name]
  if (value === undefined) throw new SyncError([`the environment variable ${name} is not set`])
  if (value !== '') values.push(value)
  return value
}

function converted(name: string, text: string): string | undefined {
  const lower = text.toLowerCase()
  if (name === 'toBool' && ['1', 't', 'true'].includes(lower)) return 'true'
  if (name === 'toBool' && ['0', 'f', 'false'].includes(lower)) return 'false'
  if (name === 'toInt' && /^[+-]?\d+$/.test(text)) return String(Number(text))
  if (name === 'toFloat' && text.trim() !== '' && !Number.isNaN(Number(text)))
    return String(Number(text))
  return undefined
}

function unquoted(word: string): string {
  if (word.startsWith('`')) return word.slice(1, -1)
  return word.startsWith('"') ? String(JSON.parse(word)) : word
}
