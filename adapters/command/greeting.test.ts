import { describe, expect, it } from 'vitest'
import type { Runtime } from '../../src/ports/runtime.ts'
import { readSettings } from '../../src/settings/read.ts'
import { greet } from './greeting.ts'

/** What is said of where configuration is kept. */
function keptIn(given: Readonly<Record<string, string>>): unknown {
  const read = readSettings([new Map(Object.entries({ log_format: 'json', ...given }))])
  if (!read.ok) throw new Error(read.errors.join())
  const told: unknown[] = []
  const runtime = {
    log: (_level, _text, facts) => told.push(facts?.kept),
  } as Pick<Runtime, 'log'> as Runtime
  greet(runtime, read.settings, { ...read.process, manager: [] })
  return told[0]
}

describe('greet', () => {
  it.each([
    [{}, './gibbon-data'],
    [{ data_dir: '/srv/gibbon' }, '/srv/gibbon'],
    [{ database: 'memory' }, 'memory, until the process ends'],
    [{ database: 'off' }, './gibbon-data (what is posted to /config)'],
    [{ database: 'off', declarative_config: 'kong.yaml' }, 'kong.yaml'],
  ])('says where %j is kept: %s', (given, place) => {
    expect(keptIn(given)).toBe(place)
  })
})
