import { describe, expect, it } from 'vitest'
import { parseArguments } from './arguments.ts'
import { settingsPage } from './help.ts'
import { createLog } from './log.ts'

describe('parseArguments', () => {
  it.each([
    [[], { command: 'help' }],
    [['start'], { command: 'start', file: undefined }],
    [['start', 'kong.yaml'], { command: 'start', file: 'kong.yaml' }],
    [['start', '--conf', 'kong.conf'], { conf: 'kong.conf' }],
    [['start', '--help'], { command: 'help' }],
    [['check'], { error: 'check needs a file: gibbon check kong.yaml' }],
    [['start', 'a', 'b'], { error: '"b" is one file too many' }],
    [['start', '--log-level'], { error: '--log-level needs a value' }],
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

it('docs/settings.md says what `gibbon settings` says', async () => {
  await expect(settingsPage()).toMatchFileSnapshot('../../docs/settings.md')
})

describe('createLog', () => {
  it('keeps one line a line, whatever it quotes', () => {
    const lines: string[] = []
    const log = createLog({
      level: 'info',
      format: 'plain',
      write: (line) => lines.push(line),
      now: () => 0,
    })
    log('info', 'a\nb', { path: 'c\r\nd' })
    log('debug', 'unheard')
    expect(lines).toEqual(['1970-01-01T00:00:00.000Z [info] a\\nb path=c\\r\\nd\n'])
  })
})
