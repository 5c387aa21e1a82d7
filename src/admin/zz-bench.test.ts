import { readPayload } from './body.ts'
import { it } from 'vitest'
it('b', async () => {
const cases: Record<string,[string,string]> = {
  members: ['application/json', '{' + Array.from({length: 700000}, (_, i) => `"a${i}":${i%10}`).join(',') + '}'],
  arrays: ['application/json', '{"a":[' + '[],'.repeat(3400000) + '1]}'],
  objects: ['application/json', '{"a":[' + '{"b":1},'.repeat(1250000) + '1]}'],
  numbers: ['application/json', '{"a":[' + '1,'.repeat(5000000) + '1]}'],
  strings: ['application/json', '{"a":"' + 'x'.repeat(10_000_000) + '"}'],
  escapes: ['application/json', '{"a":"' + '\\u0041'.repeat(1_600_000) + '"}'],
  form: ['application/x-www-form-urlencoded', 'a=' + '%41'.repeat(3_400_000)],
  formbad: ['application/x-www-form-urlencoded', 'a=' + '%4z'.repeat(3_400_000)],
  amps: ['application/x-www-form-urlencoded', '&'.repeat(10_400_000)],
  multi: ['multipart/form-data; boundary=b', '--b\r\n\r\n\r\n'.repeat(900_000)],
}
for (const [name, [type, body]] of Object.entries(cases)) {
  const bytes = new TextEncoder().encode(body)
  const t = performance.now()
  const r = await readPayload(new Request('http://x/', {method:'POST', body: bytes, headers: {'content-type': type}}), false).catch(e => e.message)
  console.log(name, bytes.length, Math.round(performance.now()-t), typeof r === 'string' ? r : r.kind)
}
}, 60000)
