import { afterEach, expect, it } from 'vitest'
import { openGateway, type Rig } from '../../../test/plugins/open-gateway.ts'
import { incoming, valuesOf } from '../../../test/proxy/fakes.ts'
import { FileError, type Files } from '../../ports/files.ts'

const rigs: Rig[] = []
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close()
})

const LENT = JSON.stringify({ AccessKeyId: 'LENT', SecretAccessKey: 's', Token: 't' })

/** Files with these texts by path, and no other; a path to nothing is one that may not be read. */
function filesOf(texts: Readonly<Record<string, string | null>>): Files {
  return {
    append: async () => {},
    async read(path) {
      const text = texts[path]
      if (text === undefined) throw new FileError('ENOENT', `Cannot read "${path}"`)
      if (text === null) throw new FileError('EACCES', `Cannot read "${path}"`)
      return new TextEncoder().encode(text)
    },
    close: async () => {},
  }
}

const LAMBDA = { name: 'aws-lambda', config: { aws_region: 'eu-1', function_name: 'greet' } }

async function askedBy(
  texts: Readonly<Record<string, string | null>>,
  variables: Readonly<Record<string, string>> = {},
  plugin: object = LAMBDA,
): Promise<Rig> {
  const rig = await openGateway({
    plugins_of_route: [{ ...plugin }],
    upstream: ({ host, target }) =>
      incoming({ body: host.startsWith('169.') && !target.endsWith('/') ? LENT : '{}' }),
    variables: { HOME: '/home/me', ...variables },
    files: filesOf(texts),
  })
  rigs.push(rig)
  return rig
}

const of = (key: string, more = '') =>
  `aws_access_key_id=${key}\n  aws_secret_access_key = s=1\n${more}`
const HOME = '/home/me/.aws/credentials'
const CONFIG = '/home/me/.aws/config'
const ENV = { AWS_ACCESS_KEY_ID: 'ENV', AWS_SECRET_ACCESS_KEY: 's' }
const ECS = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x' }

it.each<{
  why: string
  texts: Record<string, string | null>
  variables?: Record<string, string>
  key: string
}>([
  { why: 'the file at home', texts: { [HOME]: `[default]\n${of('FILE')}` }, key: 'FILE' },
  {
    why: 'its profile',
    texts: { [HOME]: `[default]\n${of('FILE')}[other] # mine\n${of('OTHER')}[x]\n${of('X')}` },
    variables: { AWS_PROFILE: 'other' },
    key: 'OTHER',
  },
  {
    why: 'a file elsewhere, with comments and lines of Windows',
    texts: {
      '/etc/aws': `; a\r\n# [default]\r\n[default]\r\n#x=1\r\naws_access_key_id = A\r\naws_secret_access_key = s\r\n`,
    },
    variables: { AWS_SHARED_CREDENTIALS_FILE: '/etc/aws' },
    key: 'A',
  },
  { why: 'the config file', texts: { [CONFIG]: `[default]\n${of('CONFIG')}` }, key: 'CONFIG' },
  {
    why: 'its profile, under another heading',
    texts: { '/c': `[other]\n${of('NO')}\n[profile other]\nregion = x\n${of('CONFIG')}` },
    variables: { AWS_PROFILE: 'other', AWS_CONFIG_FILE: '/c' },
    key: 'CONFIG',
  },
  {
    why: 'not the config file where the other is there',
    texts: { [HOME]: '[x]\n', [CONFIG]: `[default]\n${of('CONFIG')}` },
    variables: ECS,
    key: 'LENT',
  },
  {
    why: 'the environment before the files',
    texts: { [HOME]: `[default]\n${of('FILE')}` },
    variables: ENV,
    key: 'ENV',
  },
  {
    why: 'the files before the container',
    texts: { [HOME]: `[default]\n${of('FILE')}` },
    variables: ECS,
    key: 'FILE',
  },
  {
    why: 'the next where a file may not be read',
    texts: { [HOME]: null },
    variables: ECS,
    key: 'LENT',
  },
  {
    why: 'the next where a key has no secret',
    texts: { [HOME]: '[default]\naws_access_key_id = A\n' },
    variables: ECS,
    key: 'LENT',
  },
  {
    why: 'the next where nobody is at home',
    texts: {},
    variables: { HOME: '', ...ECS },
    key: 'LENT',
  },
])('signs with $why', async ({ texts, variables, key }) => {
  const rig = await askedBy(texts, variables)
  await rig.ask('/')
  const [proof] = valuesOf(rig.transport.sent.at(-1)?.headers ?? [], 'authorization')
  expect(proof).toContain(`Credential=${key}/`)
})

it('sends the session of a file', async () => {
  const text = `[default]\n${of('FILE', 'aws_session_token = abc==\n')}`
  const rig = await askedBy({ [HOME]: text })
  await rig.ask('/')
  expect(valuesOf(rig.transport.sent[0]?.headers ?? [], 'x-amz-security-token')).toEqual(['abc=='])
})
