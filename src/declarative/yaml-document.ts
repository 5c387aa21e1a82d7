import { Composer, type CST, type Document, Lexer, type LineCounter, Parser } from 'yaml'
import { YamlProblem } from './yaml-value.ts'

/** The parser's stack holds the document and what is being read besides the nested values. */
const OWN_LEVELS = 3

/**
 * Parses a text of one YAML document, giving up on deep nesting before the parser recurses into
 * it: near the end of the stack a runtime may die on compiling a regex instead of throwing.
 */
export function parseYaml(text: string, lines: LineCounter, depth: number): Document.Parsed {
  const composer = new Composer({
    logLevel: 'silent',
    merge: false,
    resolveKnownTags: false,
    schema: 'core',
    stringKeys: true,
    // Its check of keys takes seconds for many of them; that of `yamlValue` does not.
    uniqueKeys: false,
  })
  const [document, second] = composer.compose(tokensOf(text, lines, depth), true, text.length)
  if (document === undefined) throw new YamlProblem('no document', 0)

  const [error] = document.errors
  if (error !== undefined) throw new YamlProblem(error.message, error.pos[0])
  if (second !== undefined) throw new YamlProblem('more than one document', second.range[0])
  return document
}

function* tokensOf(text: string, lines: LineCounter, depth: number): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme)
    if (parser.stack.length > depth + OWN_LEVELS) {
      throw new YamlProblem('nested too deeply', parser.offset)
    }
  }
  yield* parser.end()
}
