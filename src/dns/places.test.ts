import { expect, it } from 'vitest'
import { placesOf } from './places.ts'

const ADDRESSES = [
  { ip: '10.0.0.1' },
  { ip: '10.0.0.2', port: 81, weight: 5 },
  { ip: '10.0.0.3', weight: 1 },
]

it.each([
  { weight: 100, places: ['10.0.0.1:80*100', '10.0.0.2:81*5', '10.0.0.3:80*1'] },
  { weight: 0, places: ['10.0.0.1:80*0', '10.0.0.2:81*0', '10.0.0.3:80*0'] },
])('is at $places with weight $weight', ({ weight, places }) => {
  const found = placesOf({ port: 80, weight }, ADDRESSES)
  expect(found.map(({ address, port, weight }) => `${address}:${port}*${weight}`)).toEqual(places)
})
