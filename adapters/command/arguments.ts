import { ALL_SETTINGS } from '../../src/settings/all.ts'
import { isSetting } from '../../src/settings/read.ts'
import { COMMANDS, type Command, type Flag } from './commands.ts'
import { flagOf, meantFlag } from './meant-flag.ts'

/** What the command line asked for. */
export interface Arguments {
  readonly command: string
  /** The files named, or for help the command. */
  readonly files: readonly string[]
  /** The first of the files: a kong.yaml, for most. */
  readonly file: string | undefined
  /** A kong.conf-style file. */
  readonly conf: string | undefined
  /** Settings given as flags, by their names. */
  readonly settings: ReadonlyMap<string, string>
  /** The command's own flags; one without a value is `true`. */
  readonly flags: ReadonlyMap<string, readonly string[]>
}

/** Why a command line cannot be carried out; the message says what to write instead. */
export interface ArgumentsError {
  readonly error: string
}

/** Reads `gibbon [command] [file …] [--flag value …]`; with no command it is help. */
export function parseArguments(words: readonly string[]): Arguments | ArgumentsError {
  const read: Reading = { settings: new Map(), flags: new Map(), files: [], conf: undefined }
  const rest = [...words]
  let command: Command | undefined
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '-h' || word === '--help') return asked('help', command?.name)
    if (word === '-v' || word === '--version') return asked('version')
    if (word.startsWith('-') && word !== '-') {
      const error = readFlag(word, command, rest, read)
      if (error !== undefined) return { error }
    } else if (command === undefined) {
      command = COMMANDS.find(({ name }) => name === word)
      if (command === undefined) return { error: unknownCommand(word) }
    } else read.files.push(word)
  }
  if (command === undefined) return asked('help')
  const error = wrongFiles(command, read) ?? wrongSettings(command, read)
  return error === undefined ? { command: command.name, file: read.files[0], ...read } : { error }
}

interface Reading {
  readonly settings: Map<string, string>
  readonly flags: Map<string, string[]>
  readonly files: string[]
  conf: string | undefined
}

/** Reads one flag, its value from the words that follow; answers what is wrong with it. */
function readFlag(
  word: string,
  command: Command | undefined,
  rest: string[],
  into: Reading,
): string | undefined {
  const [dashed = '', inline] = splitOnce(word)
  const name = dashed.replace(/^-+/, '')
  const own = command?.flags.find((flag) => flag.name === name || flag.short === name)
  if (own !== undefined && own.value === undefined) return setSwitch(own, dashed, inline, into)

  const setting = name.replaceAll('-', '_')
  const isConf = dashed === '-c' || name === 'conf'
  const isKnown = own !== undefined || (takesSettings(command) && (isConf || isSetting(setting)))
  if (!isKnown) return unknownFlag(dashed, command)

  const value = inline ?? rest.shift()
  if (value === undefined) return `${dashed} needs a value`
  if (own !== undefined) {
    const values = into.flags.get(own.name) ?? []
    if (values.length > 0 && own.repeatable !== true) return `${dashed} is there twice`
    into.flags.set(own.name, [...values, value])
  } else if (isConf) into.conf = value
  else into.settings.set(setting, value)
  return undefined
}

function setSwitch(
  { name }: Flag,
  dashed: string,
  inline: string | undefined,
  into: Reading,
): string | undefined {
  if (inline !== undefined && inline !== 'true' && inline !== 'false')
    return `${dashed} has no value; write ${dashed} alone`
  if (inline === 'false') into.flags.delete(name)
  else into.flags.set(name, ['true'])
  return undefined
}

function takesSettings(command: Command | undefined): boolean {
  return command === undefined || command.settings
}

function unknownFlag(dashed: string, command: Command | undefined): string {
  const takesThem = takesSettings(command)
  const known = [...(command?.flags ?? []), ...(takesThem ? ALL_SETTINGS : [])].map(flagOf)
  const unknown = `unknown flag ${dashed}`
  const meant = meantFlag(dashed.replace(/^-+/, ''), known)
  if (takesThem) return `${unknown}${meant}; \`gibbon settings\` lists them`
  const name = command?.name
  return `${unknown} of ${name}${meant}; \`gibbon help ${name}\` lists them`
}

function unknownCommand(word: string): string {
  const names = COMMANDS.map(({ name }) => name).join(', ')
  return `unknown command "${word}"; write one of ${names}`
}

function wrongFiles({ name, files, takes, usage }: Command, read: Reading): string | undefined {
  const [first, second] = read.files
  if (files === 'none' && first !== undefined) return `"${first}" is a file too many: ${usage}`
  if (files !== 'some' && second !== undefined)
    return `"${second}" is one ${takes === undefined ? 'file' : 'word'} too many`
  if (name === 'help' && first !== undefined && COMMANDS.every((one) => one.name !== first))
    return unknownCommand(first)
  const needs = files === 'one' || files === 'some'
  return needs && first === undefined ? `${name} needs ${takes ?? 'a file'}: ${usage}` : undefined
}

/** Settings may stand before the command, so they are asked about when it is known. */
function wrongSettings({ name, settings }: Command, read: Reading): string | undefined {
  const [given] = read.settings.keys()
  if (settings || given === undefined) return undefined
  return `--${given.replaceAll('_', '-')} is a setting of \`gibbon start\`, not a flag of ${name}`
}

function asked(command: 'help' | 'version', topic?: string): Arguments {
  const files = topic === undefined ? [] : [topic]
  return { command, files, file: topic, conf: undefined, settings: new Map(), flags: new Map() }
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf('=')
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}
