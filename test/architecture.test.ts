import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** The rooms from left to right; those of one row are siblings and do not know each other. */
const ROWS: readonly (readonly string[])[] = [
  ['lib'],
  ['ports'],
  ['settings'],
  ['schema'],
  ['entities'],
  ['dns'],
  ['store', 'router', 'balancer', 'pdk'],
  ['plugins', 'http'],
  ['snapshot', 'lab'],
  ['proxy', 'declarative', 'openapi'],
  ['admin', 'sync'],
  ['gateway.ts'],
  ['index.ts'],
]

const RUNTIME_WORDS = [
  /from '(node|bun|cloudflare|deno):/,
  /from 'bun'/,
  /\bDeno\./,
  /\bBun\./,
  /^(?!\s*(\/\/|\*|\/\*)).*\bprocess\.(env|argv|exit|on|std)/m,
]

describe('the house', () => {
  it.each(sourcesUnder('src'))('%s imports only rooms to its left', (file) => {
    const room = roomOf(file)
    const wrong = importsOf(file).filter((target) => {
      const other = roomOf(target)
      return target.startsWith('src') ? other !== room && rowOf(other) >= rowOf(room) : true
    })
    expect(wrong).toEqual([])
  })

  it.each(sourcesUnder('src'))('%s names no runtime', (file) => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    expect(RUNTIME_WORDS.filter((word) => word.test(text))).toEqual([])
  })

  it.each(sourcesUnder('src', 'adapters'))('%s is one idea', (file) => {
    expect(readFileSync(join(ROOT, file), 'utf8').split('\n').length).toBeLessThanOrEqual(301)
  })

  it('has every room in its place', () => {
    const rooms = new Set(sourcesUnder('src').map(roomOf))
    const known = ROWS.flat()
    expect([...rooms].filter((room) => !known.includes(room))).toEqual([])
  })

  it('re-exports in src/index.ts alone', () => {
    const barrels = sourcesUnder('src', 'adapters').filter(
      (file) =>
        file !== join('src', 'index.ts') &&
        /^export (\*|\{[^}]*\}|type \{[^}]*\}) from /m.test(readFileSync(join(ROOT, file), 'utf8')),
    )
    expect(barrels).toEqual([])
  })

  it('has one file a plugin in src/plugins, its parts in folders', () => {
    const room = join('src', 'plugins')
    const plugins = importsOf(join(room, 'all.ts')).filter((file) => dirname(file) === room)
    const lists = ['all.ts', 'entities.ts'].map((name) => join(room, name))
    const files = sourcesUnder(room).filter((file) => dirname(file) === room)
    expect(files.filter((file) => !lists.includes(file)).sort()).toEqual(plugins.sort())
  })

  it('says the version of package.json', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    expect(readFileSync(join(ROOT, 'src/lib/version.ts'), 'utf8')).toContain(`'${version}'`)
  })
})

/** Source files below the folders, tests left out, as paths from the root. */
function sourcesUnder(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(folder, name)),
  )
}

/** What a file imports from this project, as paths from the root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [...text.matchAll(/(?:from|import) '(\.[^']*)'/g)].map((found) =>
    relative(ROOT, normalize(join(ROOT, dirname(file), found[1] ?? ''))),
  )
}

function roomOf(file: string): string {
  return file.split(sep)[1] ?? file
}

function rowOf(room: string): number {
  return ROWS.findIndex((row) => row.includes(room))
}
