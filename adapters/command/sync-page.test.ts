import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openDeckGate } from '../../test/deck/deck-gate.ts'
import { parseArguments } from './arguments.ts'
import { isSync, syncCommand } from './sync-command.ts'

const page = readFileSync(new URL('../../docs/sync.md', import.meta.url), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'gibbon-page-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The fenced blocks of the page in that language. */
function blocks(language: string): readonly string[] {
  return [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , text = '']) => text)
}

it('docs/sync.md can be typed as it stands', async () => {
  const file = join(folder, 'kong.yaml')
  writeFileSync(file, blocks('yaml')[0] ?? '')
  const { fetch } = await openDeckGate()
  const lines = blocks('sh').flatMap((block) => block.split('\n'))
  const said: string[] = []
  for (const line of lines.filter((text) => text.startsWith('gibbon '))) {
    const words = line.replace('"$TOKEN"', 't').replace('kong.yaml', file).split(' ').slice(1)
    const asked = parseArguments(words)
    if ('error' in asked || !isSync(asked.command)) throw new Error(`${line}: cannot be typed`)
    const code = await syncCommand(asked.command, asked, {
      fetch,
      environment: { DECK_MIA_KEY: 'open-sesame' },
      out: async (text) => {
        said.push(text)
      },
      err: (text) => said.push(text),
      isTerminal: false,
      now: () => 0,
      newId: () => crypto.randomUUID(),
      readInput: async () => '',
      writeFile: (name, text) => writeFileSync(name, text),
    })
    expect({ line, code }).toEqual({ line, code: 0 })
  }
  const [, shown = ''] = /(creating[\s\S]*)/.exec(blocks('text')[0] ?? '') ?? []
  const real = said.join('').replace(/key-auth [-0-9a-f]+/g, 'key-auth 0f1c…')
  expect(real).toContain(shown)
})
