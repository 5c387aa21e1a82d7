import type { TextMessage } from '../../lib/protobuf/file.ts'
import type { Method } from '../../lib/protobuf/schema.ts'
import { compileRouteRegex, type RouteRegex } from '../../lib/regex.ts'

/** How HTTP calls a method. */
export interface Binding {
  readonly method: string
  readonly regex: RouteRegex
  /** The fields that parts of the path are for, in order. */
  readonly variables: readonly string[]
  /** The field the body is for; `*` for the whole message, undefined for none. */
  readonly body: string | undefined
  readonly target: Method
}

const HTTP_METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

/** Reads what `google.api.http` says of methods. */
export function bindingsOf(methods: readonly Method[]): readonly Binding[] {
  return methods.flatMap((target) =>
    target.http.flatMap((rule) => {
      const more = rule.get('additional_bindings') ?? []
      const rules = [rule, ...more.filter((one) => typeof one !== 'string')]
      return rules.flatMap((one) => bindingsIn(one, target))
    }),
  )
}

function bindingsIn(rule: TextMessage, target: Method): readonly Binding[] {
  const [body] = rule.get('body') ?? []
  return HTTP_METHODS.flatMap((method) => {
    const [path] = rule.get(method) ?? []
    if (typeof path !== 'string') return []
    const { regex, variables } = compilePath(path)
    return [{ method, regex, variables, target, body: typeof body === 'string' ? body : undefined }]
  })
}

const PIECES = /\{([\w.]+)(?:=([^}]*))?\}|\*{1,2}|[^{*]+|\{/g

function compilePath(path: string): Pick<Binding, 'regex' | 'variables'> {
  const variables: string[] = []
  const source = path.replace(PIECES, (piece, variable?: string, segments = '*') => {
    if (variable === undefined) return segmentsOf(piece)
    variables.push(variable)
    return `(${segmentsOf(segments)})`
  })
  return { regex: compileRouteRegex(`${source}$`), variables }
}

function segmentsOf(template: string): string {
  return template.replace(/\*\*|\*|[^\w/]/g, (piece) =>
    piece === '**' ? '.+' : piece === '*' ? '[^/]+' : `\\${piece}`,
  )
}
