import process from 'node:process'
import { openFileStore } from '../../adapters/file/store.ts'

// Commits pairs of entities as fast as it can, printing each acknowledged number, until it is killed.
// `<n>` stands for commit n; a pair never differs, and every third commit takes an older pair away.
const [, , folder = '', from = '0'] = process.argv
const store = await openFileStore(folder)
let revision = await store.revision()
const padding = 'x'.repeat(2_000)

for (let n = Number(from); ; n++) {
  const value = { n, padding }
  const result = await store.commit(revision, {
    puts: [
      { key: `left:${n}`, value },
      { key: `right:${n}`, value },
      { key: 'last:1', value: n },
    ],
    deletes: n % 3 === 0 ? [`left:${n - 300}`, `right:${n - 300}`] : [],
  })
  if (!result.ok) throw new Error('Nobody else writes here')
  revision = result.revision
  process.stdout.write(`${n}\n`)
}
