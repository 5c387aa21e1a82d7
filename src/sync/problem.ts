import { createLocator } from '../declarative/locate.ts'

/** What is wrong with a text, for a person, and where. */
export interface Problem {
  readonly text: string
  /** Counted from one; null where it is not known. */
  readonly line: number | null
}

const STEP = /^(\w+)\[(\d+)\]$/
const YAML_PLACE = / at line (\d+), column \d+$/

/** Finds the lines of problems such as `config: services[2].routes[1]: needs name, or an id`. */
export function problemFinder(name: string, text: string): (problem: string) => Problem {
  let locate: ReturnType<typeof createLocator> | undefined
  return (problem) => {
    const said = problem.startsWith(`${name}: `) ? problem.slice(name.length + 2) : problem
    const [, line] = YAML_PLACE.exec(said) ?? []
    if (line !== undefined) return { text: said, line: Number(line) }
    const path = pathOf(said)
    if (path.length === 0) return { text: said, line: null }
    locate ??= createLocator(text)
    return { text: said, line: locate(path)?.line ?? null }
  }
}

/** `services[2].routes[1]: …` as `services`, 1, `routes`, 0; a member alone as itself. */
function pathOf(said: string): readonly (string | number)[] {
  const [place = ''] = said.split(':', 1)
  if (/^_?\w+$/.test(place)) return [place]
  const path: (string | number)[] = []
  for (const part of place.split('.')) {
    const [, member, at] = STEP.exec(part) ?? []
    if (member === undefined) return path
    path.push(member, Number(at) - 1)
  }
  return path
}
