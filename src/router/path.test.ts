import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapePath, normalizeTarget, upstreamPath } from './path.ts'

describe('normalizeTarget', () => {
  it.each([
    { target: '/', path: '/' },
    { target: '/a/b', path: '/a/b' },
    { target: '/a.b/.c/..d', path: '/a.b/.c/..d' },
    { target: '/%41%7e%2D', path: '/A~-' },
    { target: '/a%20b%22%7B', path: '/a b"{' },
    { target: '/%c3%bc', path: '/\xc3\xbc' },
    { target: '/a%2fb%3a%5b%25', path: '/a%2Fb%3A%5B%25' },
    { target: '/%2541', path: '/%2541' },
    { target: '/a/./b', path: '/a/b' },
    { target: '/a/../b', path: '/b' },
    { target: '/a/%2e%2E/b', path: '/b' },
    { target: '/a/.%2e/b', path: '/b' },
    { target: '/a/..%2fb', path: '/a/..%2Fb' },
    { target: '/a/..;/b', path: '/a/..;/b' },
    { target: '//a///b//', path: '/a/b/' },
    { target: '/a//../b', path: '/b' },
    { target: '/a/.', path: '/a/' },
    { target: '/a/..', path: '/' },
    { target: '/a/b/..', path: '/a/' },
    { target: '/...', path: '/...' },
    { target: '/a%5cb', path: '/a\\b' },
  ])('reads $target as $path', ({ target, path }) => {
    expect(normalizeTarget(target)).toMatchObject({ path, rawPath: target, wellFormed: true })
  })

  it.each([
    { target: '/a?', rawPath: '/a', query: '?' },
    { target: '/?', rawPath: '/', query: '?' },
    { target: '/a?b=%41&c=/../?d', rawPath: '/a', query: '?b=%41&c=/../?d' },
    { target: '/a%3Fb', rawPath: '/a%3Fb', query: '' },
    { target: '/?//..%2e', rawPath: '/', query: '?//..%2e' },
    { target: '/a?b=1#c?d', rawPath: '/a', query: '?b=1' },
    { target: '/a#b?c=1', rawPath: '/a#b', query: '' },
  ])('leaves the query of $target as it is', ({ target, rawPath, query }) => {
    expect(normalizeTarget(target)).toMatchObject({ rawPath, path: rawPath, query })
  })

  it.each([
    { target: 'http://a.b:80/x/../y?q', path: '/y', query: '?q', authority: 'a.b:80' },
    { target: 'HTTPS://a', path: '/', query: '', authority: 'a' },
    { target: 'http://a?q', path: '/', query: '?q', authority: 'a' },
  ])('takes the authority off $target', ({ target, ...parts }) => {
    expect(normalizeTarget(target)).toMatchObject({ ...parts, wellFormed: true })
  })

  it.each([
    '/%',
    '/%4',
    '/%zz',
    '/%00',
    '/..',
    '/a/../..',
    '/a/..%2f..%2fb',
    '*',
    '',
    'a.b:443',
    'x',
    'http:///x',
    'http://user@a/x',
    '/%%34%31',
  ])('calls %s malformed', (target) => {
    expect(normalizeTarget(target).wellFormed).toBe(false)
  })

  it('keeps * as it is', () => {
    expect(normalizeTarget('*')).toMatchObject({ path: '*', rawPath: '*', query: '' })
  })

  it('is settled after one turn, and leaves nothing to resolve', () => {
    const piece = fc.constantFrom(
      '/',
      '/',
      '.',
      '..',
      'a',
      '%2e',
      '%2E',
      '%2f',
      '%25',
      '%61',
      'é',
      ';',
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const { path, wellFormed } = normalizeTarget(`/${pieces.join('')}`)
        expect(path).toMatch(/^\//)
        expect(path).not.toMatch(/\/\/|\/\.\.?(\/|$)/)
        if (wellFormed) expect(normalizeTarget(path).path).toBe(path)
      }),
    )
  })
})

describe('escapePath', () => {
  it.each([
    { path: "/a-b_c.d~e!$&'()*+,:;=@[]%2F", escaped: "/a-b_c.d~e!$&'()*+,:;=@[]%2F" },
    { path: '/a b"<>\\^`{|}', escaped: '/a%20b%22%3C%3E%5C%5E%60%7B%7C%7D' },
    { path: '/\xc3\xbc\n', escaped: '/%C3%BC%0A' },
    { path: '/a#b', escaped: '/a%23b' },
  ])('makes $escaped of $path', ({ path, escaped }) => {
    expect(escapePath(path)).toBe(escaped)
  })
})

const EXAMPLES = `
| /api  | /u  | yes | /users  | /api/sers  | /apisers  |
| /api  | /u  | yes | /u      | /api       | /api      |
| /api  | /u  | yes | /u/     | /api/      | /api/     |
| /api/ | /u  | yes | /u      | /api       | /api/     |
| /api/ | /u/ | yes | /u/x    | /api/x     | /api/x    |
| /api  | /u/ | yes | /u/     | /api/      | /api      |
| /api  | /u  | no  | /u/x    | /api/u/x   | /apiu/x   |
| /api  | –   | no  | /       | /api       | /api      |
| /api  | –   | yes | /       | /api       | /api      |
| /api  | –   | no  | /x      | /api/x     | /apix     |
| /api  | –   | yes | /x      | /api/x     | /apix     |
| /api  | /u  | yes | /u../x  | /api/x     | /apix     |
| /     | /u  | yes | /u      | /          | /         |`

// The rules of the two handlings, a row for each cell.
const RULES = `
| –     | /u  | yes | /u      | /          | /         |
| /     | /u  | yes | /u/     | /          | /         |
| /s/   | /u/ | yes | /u/     | /s/        | /s/       |
| /s/   | /u  | yes | /u      | /s         | /s/       |
| /s    | /u/ | yes | /u/     | /s/        | /s        |
| /s    | /u  | yes | /u      | /s         | /s        |
| /s    | /   | yes | /       | /s         | /s        |
| /s/   | /u  | yes | /u/x    | /s/x       | /s/x      |
| /s    | /u  | yes | /u/x    | /s/x       | /s/x      |
| /s/   | /u  | yes | /ux     | /s/x       | /s/x      |
| /s    | /u  | yes | /ux     | /s/x       | /sx       |
| /s/   | /u  | no  | /u/x    | /s/u/x     | /s/u/x    |
| /s    | /   | no  | /       | /s         | /s        |
| /s    | /   | no  | /x      | /s/x       | /sx       |
| –     | /   | no  | /x/     | /x/        | /x/       |
| /s/   | /u  | yes | /u.     | /s         | /s/       |
| /s/   | /u  | yes | /u..    | /s         | /s/       |
| /s/   | /u  | yes | /u./x   | /s/x       | /s/x      |
| /s/   | /u  | yes | /u.x    | /s/.x      | /s/.x     |
| /s/   | /u  | yes | /u..x   | /s/..x     | /s/..x    |`

describe('upstreamPath', () => {
  const rows = `${EXAMPLES}${RULES}`
    .trim()
    .split('\n')
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .map(([service, route, strip, request, v0, v1]) => ({ service, route, strip, request, v0, v1 }))

  it.each(rows)('service $service, route $route, strip $strip: $request', (row) => {
    const parts = {
      servicePath: row.service === '–' ? null : (row.service ?? ''),
      requestPath: row.request ?? '',
      matchedPrefix: row.route === '–' ? undefined : row.route,
      stripPath: row.strip === 'yes',
    }
    expect(upstreamPath({ ...parts, pathHandling: 'v0' })).toBe(row.v0)
    expect(upstreamPath({ ...parts, pathHandling: 'v1' })).toBe(row.v1)
  })
})
