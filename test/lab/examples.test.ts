import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../src/declarative/parse.ts'
import { readScenario } from '../../src/lab/scenario.ts'
import { scenarioForm } from '../../src/lab/scenario-fields.ts'
import { problemOfXml } from './xml.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FILES = readdirSync(`${ROOT}/examples/lab`)
const page = readFileSync(`${ROOT}/docs/balancer-lab.md`, 'utf8')

describe.each(FILES)('examples/lab/%s', (file) => {
  const text = readFileSync(`${ROOT}/examples/lab/${file}`, 'utf8')
  const chart = `lab/${file.replace('.yaml', '.svg')}`

  it('is a scenario', () => {
    expect(readScenario(parseDocument(text)).targets.length).toBeGreaterThan(1)
  })

  it('is on the page, with a chart of the same title', () => {
    const { title } = readScenario(parseDocument(text))
    const svg = readFileSync(`${ROOT}/docs/${chart}`, 'utf8')
    expect(page).toContain(`examples/lab/${file})`)
    expect(page).toContain(`](${chart})`)
    expect(svg).toContain(`<title id="title">${title}</title>`)
    expect(problemOfXml(svg)).toBeUndefined()
  })
})

it('tells on the page of all that a scenario may say', () => {
  const names = Object.keys(scenarioForm.fields)
  expect(names.filter((name) => !new RegExp(`\`${name}[.\`]`).test(page))).toEqual([])
})
