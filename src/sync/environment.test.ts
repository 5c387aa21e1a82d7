import { expect, it } from 'vitest'
import { renderEnvironment } from './environment.ts'

const environment = {
  DECK_HOST: 'h.test',
  DECK_PORT: '80',
  DECK_ON: 'TRUE',
  DECK_PEM: 'a\nb',
  HOME: '/',
}

it.each([
  [`host: \${{ env "DECK_HOST" }}`, 'host: h.test'],
  [`host: \${{env "DECK_HOST"}}:\${{ env "DECK_PORT" }}`, 'host: h.test:80'],
  [`port: \${{ env "DECK_PORT" | toInt }}`, 'port: 80'],
  [`port: \${{ toInt (env "DECK_PORT") }}`, 'port: 80'],
  [`on: \${{ env "DECK_ON" | toBool }}`, 'on: true'],
  [`x: \${{ env "DECK_PORT" | toFloat }}`, 'x: 80'],
  [`cert: |\n  \${{ env "DECK_PEM" | indent 2 }}`, 'cert: |\n  a\n  b'],
  ['plain: $' + '{HOST} {{ x }}', 'plain: $' + '{HOST} {{ x }}'],
])('renders %j', (text, rendered) => {
  expect(renderEnvironment(text, environment).text).toBe(rendered)
})

it.each([
  [`\${{ env "DECK_NOPE" }}`, 'the environment variable DECK_NOPE is not set'],
  [`\${{ env "HOME" }}`, 'environment variables in a file begin with DECK_; "HOME" does not'],
  [`\${{ exec "ls" }}`, `cannot read \${{ exec "ls" }}; write env "DECK_NAME"`],
  [`\${{ env }}`, `cannot read \${{ env }}; write env "DECK_NAME"`],
  [
    `\${{ env "DECK_HOST" | toInt }}`,
    `cannot read \${{ env "DECK_HOST" | toInt }}; write env "DECK_NAME"`,
  ],
  [
    `\${{ toInt (env "DECK_PORT" }}`,
    `cannot read \${{ toInt (env "DECK_PORT" }}; write env "DECK_NAME"`,
  ],
])('refuses %j', (text, message) => {
  expect(() => renderEnvironment(text, environment)).toThrow(message)
})

it('tells which values came in, for they are not to be printed', () => {
  const text = `\${{ env "DECK_HOST" }} \${{ env "DECK_PORT" }}`
  expect(renderEnvironment(text, environment).values).toEqual(['h.test', '80'])
})
