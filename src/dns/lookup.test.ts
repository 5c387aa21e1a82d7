import { describe, expect, it } from 'vitest'
import { shown, type Zone, zoneResolver } from '../../test/dns/world.ts'
import type { MachineNames, RecordType } from '../ports/resolver.ts'
import type { Step } from './candidates.ts'
import { lookUp } from './lookup.ts'

interface Row {
  readonly rule: string
  readonly zone: Zone
  readonly host?: string
  readonly order?: readonly RecordType[]
  readonly last?: Step
  readonly machine?: Partial<MachineNames>
  readonly byName?: boolean
  readonly gives: string[] | string
  readonly asked?: string[]
  readonly ttl?: number
}

const A: Step = { name: 'a.example', type: 'A' }
const MANY = Array.from({ length: 70 }, (_, i) => `0 1 80 t${i}.example`)

async function run({ zone, host = 'a.example', order, last, machine, byName = false }: Row) {
  const resolver = zoneResolver(zone, machine)
  const found = await lookUp(host, {
    resolver,
    order: order ?? ['SRV', 'A', 'CNAME'],
    byName,
    last,
  })
  return { found, asked: resolver.asked }
}

describe('a lookup', () => {
  it.each<Row>([
    {
      rule: 'asks in order until there is something',
      zone: { 'a.example A': ['10.0.0.1', '10.0.0.2'] },
      gives: ['10.0.0.1', '10.0.0.2'],
      asked: ['a.example SRV', 'a.example A'],
      ttl: 60_000,
    },
    {
      rule: 'asks for what was found last time first',
      zone: { 'a.example A': ['10.0.0.1'] },
      last: { name: 'a.example', type: 'A' },
      gives: ['10.0.0.1'],
      asked: ['a.example A'],
    },
    {
      rule: 'goes on in order when that is gone, asking nothing twice',
      zone: { 'a.example CNAME': ['b.example'], 'b.example A': ['10.0.0.2'] },
      last: { name: 'a.example', type: 'A' },
      gives: ['10.0.0.2'],
      asked: ['a.example A', 'a.example SRV', 'a.example CNAME', 'b.example SRV', 'b.example A'],
    },
    {
      rule: 'asks for no IPv6 unless it is in the order',
      zone: { 'a.example AAAA': ['2001:0db8:0000:0000:0000:0000:0000:0001'] },
      gives: 'nxdomain',
    },
    {
      rule: 'takes IPv6 where the order has it',
      zone: { 'a.example AAAA': ['2001:0db8:0000:0000:0000:0000:0000:0001'] },
      order: ['A', 'AAAA'],
      gives: ['2001:0db8:0000:0000:0000:0000:0000:0001'],
    },
    {
      rule: 'lets the first type win',
      zone: { 'a.example A': ['10.0.0.1'], 'a.example AAAA': ['2001:db8::1'] },
      order: ['AAAA', 'A'],
      gives: ['2001:db8::1'],
      asked: ['a.example AAAA'],
    },
    {
      rule: 'follows aliases within an answer',
      zone: { 'a.example A': { ttl: 9, list: ['alias b.example', '10.0.0.1'] } },
      gives: ['10.0.0.1'],
      ttl: 9_000,
    },
    {
      rule: 'goes on where an answer stops at an alias',
      zone: { 'a.example A': ['alias b.example'], 'b.example A': ['10.0.0.1'] },
      gives: ['10.0.0.1'],
      asked: ['a.example SRV', 'a.example A', 'b.example A'],
    },
    {
      rule: 'lets an alias live no longer than its TTL',
      zone: {
        'a.example CNAME': { ttl: 5, list: ['b.example'] },
        'b.example A': { ttl: 60, list: ['10.0.0.1'] },
      },
      gives: ['10.0.0.1'],
      ttl: 5_000,
    },
    {
      rule: 'gives up on aliases in a circle',
      zone: { 'a.example CNAME': ['b.example'], 'b.example CNAME': ['a.example'] },
      order: ['CNAME'],
      gives: 'servfail',
    },
    {
      rule: 'uses the lowest priority of SRV alone, with its ports and weights',
      zone: {
        'a.example SRV': ['1 0 81 x.example', '1 7 82 y.example', '2 9 83 z.example'],
        'x.example A': ['10.0.0.1'],
        'y.example A': ['10.0.0.2', '10.0.0.3'],
        'z.example A': ['10.0.0.4'],
      },
      gives: ['10.0.0.1:81*1', '10.0.0.2:82*7', '10.0.0.3:82*7'],
      asked: ['a.example SRV', 'x.example A', 'y.example A'],
    },
    {
      rule: 'leaves port 0 to the target',
      zone: { 'a.example SRV': ['0 5 0 x.example'], 'x.example A': ['10.0.0.1'] },
      gives: ['10.0.0.1*5'],
    },
    {
      rule: 'asks for no address that came beside the SRV record',
      zone: {
        'a.example SRV': {
          list: ['0 1 81 x.example'],
          extra: { 'x.example A': { ttl: 3, list: ['10.0.0.1'] } },
        },
      },
      gives: ['10.0.0.1:81*1'],
      asked: ['a.example SRV'],
      ttl: 3_000,
    },
    {
      rule: 'takes an SRV target that is no name as word that there is no service',
      zone: { 'a.example SRV': ['0 0 0 '] },
      gives: 'empty',
    },
    {
      rule: 'takes an SRV target that is an address as it is',
      zone: { 'a.example SRV': ['0 1 81 10.0.0.8', '0 2 0 ::9'] },
      gives: ['10.0.0.8:81*1', '0000:0000:0000:0000:0000:0000:0000:0009*2'],
      asked: ['a.example SRV'],
      ttl: 60_000,
    },
    {
      rule: 'takes a name whose SRV records all name itself for one without any',
      zone: { 'a.example SRV': ['0 1 81 a.example'], 'a.example A': ['10.0.0.1'] },
      gives: ['10.0.0.1'],
      asked: ['a.example SRV', 'a.example A'],
    },
    {
      rule: 'goes to itself with the port of an SRV record that stands beside others',
      zone: {
        'a.example SRV': ['0 1 81 a.example', '0 1 82 b.example'],
        'a.example A': ['10.0.0.1'],
        'b.example A': ['10.0.0.2'],
      },
      gives: ['10.0.0.1:81*1', '10.0.0.2:82*1'],
    },
    {
      rule: 'leaves SRV targets out that do not exist',
      zone: {
        'a.example SRV': ['0 1 81 x.example', '0 1 82 y.example'],
        'y.example A': ['10.0.0.2'],
      },
      gives: ['10.0.0.2:82*1'],
    },
    {
      rule: 'follows the alias of an SRV target, but no SRV record of it',
      zone: {
        'a.example SRV': ['0 1 81 x.example'],
        'x.example SRV': ['0 1 99 a.example'],
        'x.example CNAME': ['y.example'],
        'y.example A': ['10.0.0.2'],
      },
      gives: ['10.0.0.2:81*1'],
    },
    {
      rule: 'bears a server that keeps silent on one type',
      zone: { 'a.example SRV': 'timeout', 'a.example A': ['10.0.0.1'] },
      gives: ['10.0.0.1'],
    },
    {
      rule: 'asks no further after two silences',
      zone: {
        'a.example SRV': 'timeout',
        'a.example A': 'timeout',
        'a.example CNAME': ['b.example'],
      },
      gives: 'timeout',
      asked: ['a.example SRV', 'a.example A'],
    },
    {
      rule: 'calls a failure what may be more than a name that is not there',
      zone: { 'a.example SRV': 'servfail', 'a.example A': 'empty' },
      gives: 'servfail',
    },
    {
      rule: 'tries the search domains of a short name first',
      host: 'db',
      zone: { 'db.two.local A': ['10.0.0.1'], 'db A': ['10.0.0.9'] },
      order: ['A'],
      machine: { search: ['one.local', 'two.local'] },
      gives: ['10.0.0.1'],
      asked: ['db.one.local A', 'db.two.local A'],
    },
    {
      rule: 'tries a name with dots as it is first',
      zone: { 'a.example.one.local A': ['10.0.0.1'] },
      order: ['A'],
      machine: { search: ['one.local'] },
      gives: ['10.0.0.1'],
      asked: ['a.example A', 'a.example.one.local A'],
    },
    {
      rule: 'counts dots as ndots says',
      zone: { 'a.example A': ['10.0.0.1'] },
      order: ['A'],
      machine: { search: ['one.local'], ndots: 2 },
      gives: ['10.0.0.1'],
      asked: ['a.example.one.local A', 'a.example A'],
    },
    {
      rule: 'searches nowhere for a name that ends with a dot',
      host: 'db.',
      zone: {},
      order: ['A'],
      machine: { search: ['one.local'] },
      gives: 'nxdomain',
      asked: ['db A'],
    },
    {
      rule: 'asks nobody for a name in the hosts file',
      zone: { 'a.example A': ['10.0.0.9'] },
      machine: { hosts: new Map([['a.example', ['::1', '10.0.0.1', '10.0.0.2']]]) },
      gives: ['10.0.0.1', '10.0.0.2'],
      asked: [],
      ttl: 5_000,
    },
    {
      rule: 'takes what the hosts file has when it has none of the order',
      zone: {},
      machine: { hosts: new Map([['a.example', ['0:0:0:0:0:0:0:1']]]) },
      gives: ['0:0:0:0:0:0:0:1'],
    },
    {
      rule: 'finds the target of an SRV record in the hosts file, whatever the server sends along',
      zone: {
        'a.example SRV': {
          list: ['0 1 81 x.example'],
          extra: { 'x.example A': ['10.0.0.9'] },
        },
      },
      machine: { hosts: new Map([['x.example', ['10.0.0.1']]]) },
      gives: ['10.0.0.1:81*1'],
      asked: ['a.example SRV'],
      ttl: 5_000,
    },
    {
      rule: 'finds the end of an alias in the hosts file',
      zone: { 'a.example CNAME': ['x.example'], 'x.example A': ['10.0.0.9'] },
      machine: { hosts: new Map([['x.example', ['10.0.0.1']]]) },
      gives: ['10.0.0.1'],
      asked: ['a.example SRV', 'a.example A', 'a.example CNAME'],
    },
    {
      rule: 'asks nobody where this machine is',
      zone: { 'a.example SRV': ['0 1 81 localhost', '0 2 82 b.localhost'] },
      gives: ['localhost:81*1', 'localhost:82*2'],
      asked: ['a.example SRV'],
      ttl: 60_000,
    },
    {
      rule: 'gives the names in SRV records where the transport takes no address',
      zone: { 'a.example SRV': ['0 2 81 x.example', '0 0 0 y.example'] },
      byName: true,
      gives: ['x.example:81*2', 'y.example*1'],
      asked: ['a.example SRV'],
    },
    {
      rule: 'lets a name without SRV records stand for itself there',
      zone: { 'a.example A': ['10.0.0.1'] },
      byName: true,
      gives: ['a.example'],
      asked: ['a.example SRV'],
      ttl: 30_000,
    },
    {
      rule: 'lets it stand for itself, too, when nothing can be asked',
      zone: { 'a.example SRV': 'timeout' },
      byName: true,
      gives: ['a.example'],
    },
  ])('$rule', async (row) => {
    const { found, asked } = await run(row)
    expect(found.ok ? shown(found.addresses) : found.reason).toEqual(row.gives)
    if (row.asked !== undefined) expect(asked).toEqual(row.asked)
    if (row.ttl !== undefined) expect(found).toMatchObject({ ttl: row.ttl })
  })

  it.each(['timeout', 'servfail', 'refused'] as const)(
    'takes other records for half an answer where those of last time are not told: %s',
    async (reason) => {
      const zone: Zone = { 'a.example SRV': reason, 'a.example A': ['10.0.0.1'] }
      const last = { name: 'a.example', type: 'SRV' } as const
      const { found } = await run({ rule: '', zone, last, gives: [] })
      expect(found).toMatchObject({ ok: true, incomplete: reason, last })
      const { found: first } = await run({ rule: '', zone, gives: [] })
      expect(first).toEqual({ ok: true, ttl: 60_000, addresses: [{ ip: '10.0.0.1' }], last: A })
    },
  )

  it.each<Row & { ownTtl?: true }>([
    {
      rule: 'what the hosts file has',
      zone: {},
      machine: { hosts: new Map([['a.example', ['10.0.0.1']]]) },
      gives: [],
      ownTtl: true,
    },
    { rule: 'a name for itself', zone: {}, byName: true, gives: [], ownTtl: true },
    { rule: 'a record', zone: { 'a.example A': ['10.0.0.1'] }, gives: [] },
  ])('tells whose the TTL is of $rule', async ({ ownTtl, ...row }) => {
    const { found } = await run(row)
    expect(found).toHaveProperty('ok', true)
    expect('ownTtl' in found && found.ownTtl).toBe(ownTtl ?? false)
  })

  it('tells that an answer is not whole', async () => {
    const zone: Zone = {
      'a.example SRV': ['0 1 81 x.example', '0 1 82 y.example'],
      'x.example A': ['10.0.0.1'],
      'y.example A': 'servfail',
    }
    const { found } = await run({ rule: '', zone, gives: [] })
    expect(found).toMatchObject({ ok: true, incomplete: 'servfail' })
  })

  it('asks for every target of a large service', async () => {
    const zone: Zone = { 'a.example SRV': MANY }
    for (let i = 0; i < MANY.length; i++) zone[`t${i}.example A`] = [`10.0.0.${i}`]
    const { found } = await run({ rule: '', zone, gives: [] })
    expect(found.ok && found.addresses.length).toBe(MANY.length)
  })

  it('ends in a maze', async () => {
    const zone: Zone = {}
    for (let i = 0; i < 100; i++) zone[`n${i}.example A`] = [`alias n${i + 1}.example`]
    const { found, asked } = await run({ rule: '', zone, host: 'n0.example', gives: [] })
    expect(found).toEqual({ ok: false, reason: 'servfail' })
    expect(asked.length).toBeLessThan(30)
  })
})
