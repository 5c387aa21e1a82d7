import { describe, expect, it } from 'vitest'
import { parseArguments } from './arguments.ts'
import { COMMANDS } from './commands.ts'
import { commandText, helpText, pluginsText, settingsPage } from './help.ts'

describe('parseArguments', () => {
  it.each([
    [[], { command: 'help' }],
    [['start'], { command: 'start', file: undefined }],
    [['start', 'kong.yaml'], { command: 'start', file: 'kong.yaml' }],
    [['start', '--conf', 'kong.conf'], { conf: 'kong.conf' }],
    [['start', '--help'], { command: 'help' }],
    [['start', '--help'], { file: 'start' }],
    [['help', 'sync'], { command: 'help', file: 'sync' }],
    [['sync', 'a', 'b', '-'], { command: 'sync', files: ['a', 'b', '-'] }],
    [['dump', '-o', 'x'], { flags: new Map([['output', ['x']]]) }],
    [['diff', 'a', '--json-output'], { flags: new Map([['json-output', ['true']]]) }],
    [
      ['diff', '--headers', 'a:1', 'f', '--headers=b:2'],
      { files: ['f'], flags: new Map([['headers', ['a:1', 'b:2']]]) },
    ],
    [['check'], { error: 'check needs a file: gibbon check kong.yaml' }],
    [['sync'], { error: 'sync needs a file: gibbon sync FILE…' }],
    [['dump', 'x'], { error: '"x" is a file too many: gibbon dump [-o FILE]' }],
    [
      ['sync', '--nope', 'a'],
      { error: 'unknown flag --nope of sync; `gibbon help sync` lists them' },
    ],
    [['sync', 'a', '--dry-run=2'], { error: '--dry-run has no value; write --dry-run alone' }],
    [['dump', '-o', 'a', '-o', 'b'], { error: '-o is there twice' }],
    [
      ['--log-level', 'debug', 'sync', 'a'],
      { error: '--log-level is a setting of `gibbon start`, not a flag of sync' },
    ],
    [['start', 'a', 'b'], { error: '"b" is one file too many' }],
    [['start', '--log-level'], { error: '--log-level needs a value' }],
    [
      ['start', '--proxy-lisen', 'x'],
      {
        error:
          'unknown flag --proxy-lisen, did you mean --proxy-listen; `gibbon settings` lists them',
      },
    ],
    [
      ['sync', '--dryrun', 'a'],
      {
        error:
          'unknown flag --dryrun of sync, did you mean --dry-run; `gibbon help sync` lists them',
      },
    ],
    [
      ['help', 'snyc'],
      { error: expect.stringContaining('unknown command "snyc"; write one of start, check') },
    ],
  ])('reads %j', (words, expected) => {
    expect(parseArguments(words)).toMatchObject(expected)
  })

  it('takes any setting as a flag, in both spellings', () => {
    const got = parseArguments(['start', '--log-level=debug', '--database', 'memory'])
    expect('settings' in got && Object.fromEntries(got.settings)).toEqual({
      log_level: 'debug',
      database: 'memory',
    })
  })
})

it.each(COMMANDS.map(({ name }) => name))('help teaches %s', (name) => {
  expect(helpText()).toContain(`gibbon ${name}`)
  expect(commandText(name)).toContain(`gibbon ${name}`)
})

it('tells of the conf file where settings are taken', () => {
  expect(commandText('start')).toContain('-c, --conf FILE\n')
  expect(commandText('sync')).not.toContain('--conf')
})

it('tells what plugins do, in the order they run', () => {
  const config = { type: 'record', fields: {} } as const
  const about = { summary: 'Lets browsers in.', example: {} }
  const text = pluginsText([
    { name: 'cors', priority: 2000, config, about, open: () => ({}) },
    { name: 'acme', priority: 1705, config },
  ])
  expect(text).toMatch(/2000 {2}cors +Lets browsers in\.\n +1705 {2}acme +configuration only\n/)
  expect(text).toContain('2 plugins, in the order they run')
})

it('docs/settings.md says what `gibbon settings` says', async () => {
  await expect(settingsPage()).toMatchFileSnapshot('../../docs/settings.md')
})
