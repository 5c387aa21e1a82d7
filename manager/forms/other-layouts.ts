import type { Layout } from './layout.ts'
import { fieldOf } from './schema.ts'
import type { Values } from './values.ts'

/** A target's form: an address, its weight and tags. */
export const targetLayout: Layout = {
  groups: [{ title: '', fields: ['target', 'weight', 'tags'] }],
  ways: {
    target: {
      label: 'Target Address',
      placeholder: 'host:port',
      hint: 'A host name or an IP address with its port; 8000 when left out',
    },
    weight: { hint: '0 to 65535; its share beside the others. 0 takes no new requests' },
  },
}

/** A consumer's form. */
export const consumerLayout: Layout = {
  groups: [{ title: '', fields: ['username', 'custom_id', 'tags'] }],
  ways: { custom_id: { label: 'Custom ID', hint: 'What you know it by elsewhere' } },
}

const pem = (label: string, start: string) => ({
  label,
  lines: 8,
  placeholder: `-----BEGIN ${start}-----`,
})

/** A certificate's form. */
export const certificateLayout: Layout = {
  groups: [
    { title: '', fields: ['cert', 'key', 'snis', 'tags'] },
    { title: 'Second key pair', folded: true, fields: ['cert_alt', 'key_alt'] },
  ],
  ways: {
    cert: pem('Certificate', 'CERTIFICATE'),
    key: { ...pem('Private key', 'PRIVATE KEY'), secret: true },
    cert_alt: pem('Alternate certificate', 'CERTIFICATE'),
    key_alt: { ...pem('Alternate private key', 'PRIVATE KEY'), secret: true },
    snis: { label: 'SNIs', hint: 'The names it is shown for' },
  },
}

/** A CA certificate's form. */
export const caCertificateLayout: Layout = {
  groups: [{ title: '', fields: ['cert', 'tags'] }],
  hidden: ['cert_digest'],
  ways: { cert: pem('Certificate', 'CERTIFICATE') },
}

/** An SNI's form. */
export const sniLayout: Layout = {
  groups: [{ title: '', fields: ['name', 'certificate', 'tags'] }],
  ways: { name: { hint: 'A host name; one * at either end stands for any label' } },
}

/** A vault's form. */
export const vaultLayout: Layout = {
  groups: [{ title: '', fields: ['name', 'prefix', 'description', 'config', 'tags'] }],
  ways: {
    name: { label: 'Vault type', choices: ['env'] },
    prefix: { hint: 'What references start with: {vault://prefix/name}' },
  },
  start: (draft, isNew) => (isNew ? { ...draft, name: 'env' } : draft),
}

/** A key's form. */
export const keyLayout: Layout = {
  groups: [{ title: '', fields: ['name', 'kid', 'set', 'jwk', 'pem', 'tags'] }],
  ways: {
    set: { label: 'Key set' },
    jwk: { lines: 8, secret: true, hint: 'JSON; either this or PEM' },
    'pem.private_key': { lines: 6, secret: true },
    'pem.public_key': { lines: 6 },
  },
}

const ttl = fieldOf('ttl', { type: 'integer', between: [0, 100000000] })

/** The forms of a consumer's credentials, by the path below it. */
export const credentialLayouts: Readonly<Record<string, Layout>> = {
  'key-auth': {
    groups: [{ title: '', fields: ['key', 'ttl', 'tags'] }],
    extra: [ttl],
    ways: {
      key: { secret: true },
      ttl: { label: 'TTL', hint: 'Seconds it lives; 0 or nothing for ever' },
    },
  },
  'basic-auth': {
    groups: [{ title: '', fields: ['username', 'password', 'tags'] }],
    unread: ['password'],
    ways: { password: { hint: 'Kept as a digest: nobody can read it again' } },
    along: (change, _after, consumer) =>
      'password' in change && consumer !== undefined
        ? { ...change, consumer: { id: consumer } }
        : change,
  },
  jwt: {
    groups: [{ title: '', fields: ['key', 'algorithm', 'secret', 'rsa_public_key', 'tags'] }],
    ways: { rsa_public_key: { label: 'RSA public key', lines: 6 } },
  },
  'hmac-auth': { groups: [{ title: '', fields: ['username', 'secret', 'tags'] }] },
  oauth2: {
    groups: [
      {
        title: '',
        fields: [
          'name',
          'client_id',
          'client_secret',
          'hash_secret',
          'redirect_uris',
          'client_type',
          'tags',
        ],
      },
    ],
    along: secretWithHash,
  },
  acls: { groups: [{ title: '', fields: ['group', 'tags'] }] },
}

/** Kong: neither may be changed without the other. */
function secretWithHash(change: Values, after: Values): Values {
  const changed = 'client_secret' in change || 'hash_secret' in change
  const { client_secret, hash_secret } = after
  if (!changed || client_secret === null) return change
  return { ...change, client_secret, hash_secret }
}
