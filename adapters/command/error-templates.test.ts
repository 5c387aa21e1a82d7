import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readErrorTemplates } from './error-templates.ts'

it('reads the files there are, and says which are no good', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gibbon-templates-'))
  const [html, json, xml] = ['html', 'json', 'xml'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(html, '<p>%s</p>')
  writeFileSync(json, '%s %s %s')
  const lines: string[] = []
  const log = (_: string, line: string) => void lines.push(line)
  const read = readErrorTemplates({ errorTemplates: { html, json, xml, plain: '' } }, { log })
  rmSync(folder, { recursive: true })
  expect(read).toEqual({ html: ['<p>', '</p>'] })
  expect(lines).toEqual([
    `failed reading the custom json error template: ${json} has more than two %s`,
    `failed reading the custom xml error template: ${xml}: file not found`,
  ])
})
