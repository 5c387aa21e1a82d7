import { expect, it } from 'vitest'
import { createStillness } from './stillness.ts'

it('is still once everybody sleeps and all work waits for a probe', async () => {
  const stillness = createStillness()
  expect(stillness.isStill).toBe(true)
  let finish = () => {}
  stillness.wake()
  stillness.background(
    new Promise<void>((resolve) => {
      finish = resolve
    }),
  )
  stillness.sleep()
  expect(stillness.isStill).toBe(false)
  stillness.probeSent()
  expect(stillness.isStill).toBe(true)

  stillness.probeAnswered()
  finish()
  expect(stillness.isStill).toBe(false)
  await stillness.settle()
  expect(stillness.isStill).toBe(true)
})

it('ends with what went wrong, whoever is still awake', async () => {
  const stillness = createStillness()
  stillness.wake()
  stillness.background(Promise.reject(new Error('broken')))
  await expect(stillness.settle()).rejects.toThrow('broken')
})
