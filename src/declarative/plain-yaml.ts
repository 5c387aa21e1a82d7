import { setOwn } from '../schema/field.ts'
import { isUnfit, readInline, splitKey, Unsure } from './plain-scalar.ts'

/**
 * Reads the YAML that people and programs mostly write, some twenty times as fast as the full
 * parser: blocks, and scalars and brackets that end on their line. Undefined for whatever else there
 * is, errors included, which is then the full parser's to judge.
 */
export function readPlainYaml(text: string, depth: number): { value: unknown } | undefined {
  if (isUnfit(text)) return undefined
  const cursor: Cursor = { lines: text.split('\n'), at: -1, indent: -1, text: '', depth }
  try {
    advance(cursor)
    if (cursor.indent === 0 && cursor.text === '---') advance(cursor)
    if (cursor.indent !== 0) return undefined
    const value = readBlock(cursor, 1)
    return isAtEnd(cursor) ? { value } : undefined
  } catch (error) {
    if (error instanceof Unsure) return undefined
    throw error
  }
}

/** The indent of the place after the last line. */
const END = -1

interface Cursor {
  readonly lines: readonly string[]
  /** How deep collections may nest. */
  readonly depth: number
  at: number
  /** Of the line it is at; within a line, of what is left of it. */
  indent: number
  /** The line without its indent and the spaces behind it. */
  text: string
}

/** Goes to the next line with something on it. */
function advance(cursor: Cursor): void {
  const { lines } = cursor
  for (cursor.at++; cursor.at < lines.length; cursor.at++) {
    const line = lines[cursor.at] ?? ''
    const indent = indentOf(line)
    if (indent === line.length || line.charCodeAt(indent) === HASH) continue
    cursor.indent = indent
    cursor.text = line.slice(indent, endOf(line))
    return
  }
  cursor.indent = END
}

const SPACE = 32
const HASH = 35

function indentOf(line: string): number {
  let indent = 0
  while (line.charCodeAt(indent) === SPACE) indent++
  return indent
}

function endOf(line: string): number {
  let end = line.length
  while (line.charCodeAt(end - 1) === SPACE) end--
  return end
}

function isAtEnd({ indent }: Cursor): boolean {
  return indent === END
}

function readBlock(cursor: Cursor, depth: number): unknown {
  return isItem(cursor.text)
    ? readSequence(cursor, cursor.indent, depth)
    : readMapping(cursor, cursor.indent, depth)
}

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ')
}

function readMapping(cursor: Cursor, indent: number, depth: number): Record<string, unknown> {
  if (depth > cursor.depth) throw new Unsure()
  const object: Record<string, unknown> = {}
  while (cursor.indent === indent) {
    const { key, rest } = splitKey(cursor.text) ?? unsure()
    if (Object.hasOwn(object, key)) throw new Unsure()
    setOwn(object, key, readValue(cursor, { rest, indent, depth }))
  }
  if (cursor.indent > indent) throw new Unsure()
  return object
}

function unsure(): never {
  throw new Unsure()
}

interface Inline {
  readonly rest: string
  /** Of what holds the value. */
  readonly indent: number
  readonly depth: number
}

function readValue(cursor: Cursor, inline: Inline): unknown {
  const { rest, indent, depth } = inline
  if (rest !== '' && !rest.startsWith('#')) return readOnLine(cursor, inline)
  advance(cursor)
  if (cursor.indent > indent) return readBlock(cursor, depth + 1)
  // A list may stand right under its name.
  const listed = cursor.indent === indent && isItem(cursor.text)
  return listed ? readSequence(cursor, indent, depth + 1) : null
}

function readOnLine(cursor: Cursor, { rest, indent, depth }: Inline): unknown {
  if (rest === '|' || rest === '|-') return readLiteral(cursor, indent, rest === '|')
  const value = readInline(rest, cursor.depth - depth)
  advance(cursor)
  // What is deeper would go on with the scalar.
  if (cursor.indent > indent) throw new Unsure()
  return value
}

function readSequence(cursor: Cursor, indent: number, depth: number): unknown[] {
  if (depth > cursor.depth) throw new Unsure()
  const items: unknown[] = []
  while (cursor.indent === indent && isItem(cursor.text)) {
    items.push(readItem(cursor, indent, depth))
  }
  if (cursor.indent > indent) throw new Unsure()
  return items
}

function readItem(cursor: Cursor, indent: number, depth: number): unknown {
  const dashed = cursor.text
  const inner = 1 + indentOf(dashed.slice(1))
  const rest = dashed.slice(inner)
  if (rest === '' || rest.startsWith('#')) {
    advance(cursor)
    return cursor.indent > indent ? readBlock(cursor, depth + 1) : null
  }
  if (isItem(rest)) throw new Unsure()
  if (splitKey(rest) === undefined) return readOnLine(cursor, { rest, indent, depth })
  cursor.indent = indent + inner
  cursor.text = rest
  return readMapping(cursor, cursor.indent, depth + 1)
}

/** Lines kept as they are: a certificate, a script. */
function readLiteral(cursor: Cursor, parent: number, closed: boolean): string {
  const { lines } = cursor
  const first = lines[cursor.at + 1] ?? ''
  const indent = indentOf(first)
  if (indent <= parent || indent === first.length) throw new Unsure()

  const kept: string[] = []
  let at = cursor.at + 1
  for (; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const own = indentOf(line)
    if (own < line.length && own < indent) break
    // Spaces alone are content beyond the indent, and nothing within it.
    kept.push(line.slice(indent))
  }
  while (kept.at(-1) === '') kept.pop()
  if (kept.at(-1)?.trim() === '') throw new Unsure()
  cursor.at = at - 1
  advance(cursor)
  if (cursor.indent > parent) throw new Unsure()
  return kept.join('\n') + (closed ? '\n' : '')
}
