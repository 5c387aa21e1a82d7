import { describe, expect, it } from 'vitest'
import * as keys from '../lib/keys.fixture.ts'
import { finishRow } from '../schema/finish.ts'
import { rowForInsert, rowForUpdate, validateOnly } from '../schema/validate.ts'
import { caCertificate } from './ca-certificate.ts'

const id = 'a0000000-0000-4000-8000-000000000001'
const at = (now: number) => ({ now, newId: () => id, secret: () => '' })
const context = at(1795212381759)
const insert = (input: unknown) => rowForInsert(caCertificate, input, context)

// By `openssl x509 -outform der | sha256sum`.
const DIGEST = '868c535b78a387ce2f8a2503c075c0cf9960970fc7709c5927d97e527cf2598c'
const UNREADABLE =
  'invalid certificate: x509.new: error:688010A:asn1 encoding routines:asn1_item_embed_d2i:' +
  'nested asn1 error:asn1/tasn_dec.c:349:'
const EXPIRED = 'certificate expired, "Not After" time is in the past'
const NO_AUTHORITY =
  'certificate does not appear to be a CA because it is missing the "CA" basic constraint'

describe('ca_certificate', () => {
  it('is given the digest of what was sent, whatever was said of it', async () => {
    const sent = { cert: keys.CA_CERT, cert_digest: 'x' }
    expect(await finishRow(caCertificate, insert(sent), { mode: 'insert', sent })).toEqual({
      id,
      created_at: 1795212381,
      updated_at: 1795212381,
      cert: keys.CA_CERT,
      cert_digest: DIGEST,
      tags: null,
    })
  })

  it.each([
    ['keeps the digest by a patch of something else', { tags: ['a'] }, 'before'],
    ['lets a patch say another', { cert_digest: 'x' }, 'x'],
    ['computes it of a patched certificate', { cert: keys.CA_CERT, cert_digest: 'x' }, DIGEST],
  ])('%s', async (_what, sent, digest) => {
    const current = { ...insert({ cert: keys.CA_CERT }), cert_digest: 'before' }
    const row = rowForUpdate(caCertificate, current, sent, context)
    const finished = await finishRow(caCertificate, row, { mode: 'update', sent, current })
    expect(finished.cert_digest).toBe(digest)
  })

  it.each([
    [{}, { cert: 'required field missing' }],
    [{ cert: 'x' }, { cert: UNREADABLE }],
    [{ cert: keys.CA_CERT.replace('MII', 'AII') }, { cert: UNREADABLE }],
    [
      { cert: keys.CA_CERT + keys.P256_CERT },
      { '@entity': ['please submit only one certificate at a time'] },
    ],
    [{ cert: keys.EXPIRED_CA_CERT }, { '@entity': [EXPIRED] }],
    [{ cert: keys.P256_CERT }, { '@entity': [NO_AUTHORITY] }],
    [{ cert: keys.V1_CERT }, { '@entity': [NO_AUTHORITY] }],
  ])('refuses case %#', (input, fields) => {
    expect(() => insert(input)).toThrow(expect.objectContaining({ code: 2, fields }))
    expect(() => validateOnly(caCertificate, input, context)).toThrow(expect.any(Error))
  })

  it.each([
    ['in its last second', Date.UTC(2001, 0, 1), undefined],
    ['a second later', Date.UTC(2001, 0, 1) + 1000, EXPIRED],
  ])('goes by the clock: %s', (_what, now, error) => {
    const make = () => rowForInsert(caCertificate, { cert: keys.EXPIRED_CA_CERT }, at(now))
    if (error === undefined) expect(make()).toMatchObject({ id })
    else expect(make).toThrow(error)
  })
})
