import { expect, it } from 'vitest'
import { canonicalTarget } from '../../src/entities/target.ts'
import { createWorld, healthOf, idOf, type World } from './world.ts'

const CHECKED = { passive: { unhealthy: { http_failures: 1 } } }

function worldWith(targets: Record<string, number>): World {
  const world = createWorld()
  world.configure([{ name: 'u', targets, healthchecks: CHECKED }])
  return world
}

it('shows weight 0 as checked by nobody, its addresses too', () => {
  const world = worldWith({ 'localhost:9001': 0, 'localhost:9002': 10 })
  const shown = world.balancers.health(idOf(0)).flatMap(({ data }) => data.addresses)
  expect(shown.map(({ weight, health }) => [weight, health])).toEqual([
    [0, 'HEALTHCHECKS_OFF'],
    [10, 'HEALTHY'],
  ])
})

it.each(['localhost:80', '127.0.0.1:80', '[::1]:80'])('marks localhost by %s', (address) => {
  const world = worldWith({ 'localhost:80': 10 })
  world.balancers.mark(idOf(0), 'target of 0: localhost:80', canonicalTarget(address), false)
  expect(healthOf(world, 'u')).toEqual({ 'localhost:80': 'UNHEALTHY' })
})
