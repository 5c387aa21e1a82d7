import { isSetting } from '../../src/settings/read.ts'

/** What the command line asked for. */
export interface Arguments {
  readonly command: 'start' | 'check' | 'version' | 'help' | 'settings'
  /** The kong.yaml, where one was named. */
  readonly file: string | undefined
  /** A kong.conf-style file. */
  readonly conf: string | undefined
  /** Settings given as flags, by their names. */
  readonly settings: ReadonlyMap<string, string>
}

/** Why a command line cannot be carried out; the message says what to write instead. */
export interface ArgumentsError {
  readonly error: string
}

const COMMANDS = ['start', 'check', 'version', 'help', 'settings'] as const

/** Reads `gibbon [command] [file] [--setting value …]`; with no command it is help. */
export function parseArguments(words: readonly string[]): Arguments | ArgumentsError {
  const settings = new Map<string, string>()
  const plain: string[] = []
  let conf: string | undefined
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '-h' || word === '--help') return asked('help')
    if (word === '-v' || word === '--version') return asked('version')
    if (!word.startsWith('-')) {
      plain.push(word)
      continue
    }
    const [flag = '', inline] = splitOnce(word)
    const name = flag.replace(/^-+/, '').replaceAll('-', '_')
    const value = inline ?? rest.shift()
    if (value === undefined) return { error: `${flag} needs a value` }
    if (flag === '-c' || name === 'conf') conf = value
    else if (isSetting(name)) settings.set(name, value)
    else return { error: `unknown flag ${flag}; \`gibbon settings\` lists them` }
  }

  const [first = 'help', file, ...more] = plain
  const command = COMMANDS.find((name) => name === first)
  if (command === undefined) {
    return { error: `unknown command "${first}"; write one of ${COMMANDS.join(', ')}` }
  }
  if (more.length > 0) return { error: `"${more[0]}" is one file too many` }
  if (command === 'check' && file === undefined)
    return { error: 'check needs a file: gibbon check kong.yaml' }
  return { command, file, conf, settings }
}

function asked(command: Arguments['command']): Arguments {
  return { command, file: undefined, conf: undefined, settings: new Map() }
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf('=')
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}
