const LUA_WORDS = new Set(
  (
    'and break do else elseif end false for function goto if in local nil not or repeat ' +
    'return then true until while'
  ).split(' '),
)

/** Prints a value as a Lua table over several lines, as Kong's longer messages show it. */
export function printLua(value: unknown): string {
  return print(value, { newline: '\n', step: '  ', equals: ' = ' }, '')
}

/** Prints a value as a Lua table on one line: `{id="…",name="x"}`. */
export function printLuaCompact(value: unknown): string {
  return print(value, { newline: '', step: '', equals: '=' }, '')
}

interface Style {
  readonly newline: string
  readonly step: string
  readonly equals: string
}

function print(value: unknown, style: Style, indent: string): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object' || value === null) return String(value ?? null)

  const inner = indent + style.step
  const items = itemsOf(value).map(([key, item]) => {
    const text = print(item, style, inner)
    return key === undefined ? inner + text : `${inner}${key}${style.equals}${text}`
  })
  if (items.length === 0) return '{}'
  return `{${style.newline}${items.join(`,${style.newline}`)}${style.newline}${indent}}`
}

/** Kong's printer leaves the keys of a list away up to its first hole. */
function itemsOf(value: object): [string | undefined, unknown][] {
  if (!Array.isArray(value)) {
    const names = Object.keys(value).sort()
    return names.map((name) => [keyOf(name), Reflect.get(value, name)])
  }

  const items: [string | undefined, unknown][] = []
  let dense = true
  for (const [i, item] of value.entries()) {
    if (item === null || item === undefined) dense = false
    else items.push([dense ? undefined : `[${i + 1}]`, item])
  }
  return items
}

function keyOf(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !LUA_WORDS.has(name) ? name : `[${quote(name)}]`
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\\n').replaceAll('\r', '\\r')}"`
}
