import { afterEach, expect, it } from 'vitest'
import { openGateway, type Rig } from '../../../test/plugins/open-gateway.ts'
import { type Answering, failure, incoming, valuesOf } from '../../../test/proxy/fakes.ts'
import type { Files } from '../../ports/files.ts'

const rigs: Rig[] = []
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close()
})

const LENT = JSON.stringify({
  AccessKeyId: 'LENT',
  SecretAccessKey: 's',
  Token: 'token',
  Expiration: '2023-11-14T23:13:20Z',
})
const XML = `<R><Credentials><AccessKeyId>ROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
  <SessionToken>t</SessionToken><Expiration>2023-11-14T23:13:20Z</Expiration></Credentials></R>`

const files: Files = {
  append: async () => {},
  read: async (path) => new TextEncoder().encode(`token of ${path}\n`),
  close: async () => {},
}

/** AWS: the function answers, and so do those who lend credentials there. */
const aws: Answering = ({ host, target }) => {
  if (host.startsWith('lambda.')) return incoming({ body: '{}' })
  if (host.startsWith('sts.')) return incoming({ body: XML })
  if (host === '169.254.169.254')
    return incoming({ body: target.endsWith('/security-credentials/') ? 'role' : LENT })
  return target.startsWith('/broken') ? incoming({ status: 500 }) : incoming({ body: LENT })
}

async function lambda(
  variables: Readonly<Record<string, string>>,
  config: Readonly<Record<string, unknown>> = {},
  upstream = aws,
): Promise<Rig> {
  const whole = { aws_region: 'us-east-1', function_name: 'greet', ...config }
  const plugins_of_route = [{ name: 'aws-lambda', config: whole }]
  const rig = await openGateway({ plugins_of_route, upstream, variables, files })
  rigs.push(rig)
  return rig
}

const ENV = { AWS_ACCESS_KEY_ID: 'ENV', AWS_SECRET_ACCESS_KEY: 's' }
const AMAZON = { AMAZON_ACCESS_KEY_ID: 'AMAZON', AMAZON_SECRET_ACCESS_KEY: 's' }
const ECS = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/x' }
const EKS = { AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/token', AWS_ROLE_ARN: 'arn:r' }
const full = (url: string) => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: url })
const KEY = { aws_key: 'CONFIG', aws_secret: 's' }

it.each<{
  why: string
  variables: Record<string, string>
  config?: object
  hosts: string[]
  key: string
}>([
  { why: 'the configuration before all', variables: ENV, config: KEY, hosts: [], key: 'CONFIG' },
  { why: 'the environment', variables: { ...ENV, ...AMAZON, ...ECS }, hosts: [], key: 'ENV' },
  { why: 'its other name', variables: { ...AMAZON, ...ECS, ...EKS }, hosts: [], key: 'AMAZON' },
  {
    why: 'a secret without a key is none',
    variables: { AWS_SECRET_ACCESS_KEY: 's', ...AMAZON },
    hosts: [],
    key: 'AMAZON',
  },
  { why: 'ECS', variables: { ...ECS, ...EKS }, hosts: ['169.254.170.2'], key: 'LENT' },
  {
    why: 'EKS, by its agent',
    variables: full('http://169.254.170.23/v1'),
    hosts: ['169.254.170.23'],
    key: 'LENT',
  },
  {
    why: 'an agent on this machine',
    variables: full('http://127.0.0.1:99/'),
    hosts: ['127.0.0.1'],
    key: 'LENT',
  },
  {
    why: 'an agent elsewhere by TLS',
    variables: full('https://agent.test/'),
    hosts: ['agent.test'],
    key: 'LENT',
  },
  {
    why: 'an agent elsewhere without TLS: not asked',
    variables: full('http://agent.test/'),
    hosts: ['169.254.169.254', '169.254.169.254'],
    key: 'LENT',
  },
  { why: 'EKS, by a role', variables: EKS, hosts: ['sts.us-east-1.amazonaws.com'], key: 'ROLE' },
  {
    why: 'the next where one fails',
    variables: { ...full('http://localhost/broken'), ...EKS },
    hosts: ['localhost', 'sts.us-east-1.amazonaws.com'],
    key: 'ROLE',
  },
  {
    why: 'the machine',
    variables: { AWS_EC2_METADATA_DISABLED: 'false' },
    hosts: ['169.254.169.254', '169.254.169.254'],
    key: 'LENT',
  },
])('signs with what lends first: $why', async ({ variables, config, hosts, key }) => {
  const rig = await lambda(variables, { ...config })
  await rig.ask('/')
  await rig.ask('/')
  const { sent } = rig.transport
  const lambdas = ['lambda.us-east-1.amazonaws.com', 'lambda.us-east-1.amazonaws.com']
  expect(sent.map(({ host }) => host)).toEqual([...hosts, ...lambdas])
  const [proof] = valuesOf(sent.at(-1)?.headers ?? [], 'authorization')
  expect(proof).toContain(`Credential=${key}/`)
})

it('sends the session of the environment', async () => {
  const rig = await lambda({ ...ENV, AWS_SESSION_TOKEN: 'session' })
  await rig.ask('/')
  expect(valuesOf(rig.transport.sent[0]?.headers ?? [], 'x-amz-security-token')).toEqual([
    'session',
  ])
})

it.each([
  { name: 'AWS_CONTAINER_AUTHORIZATION_TOKEN', value: 'abc', shown: 'abc' },
  { name: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', value: '/t', shown: 'token of /t' },
])('shows the agent what $name says', async ({ name, value, shown }) => {
  const rig = await lambda({ ...full('http://localhost:9/x?y=1'), [name]: value })
  await rig.ask('/')
  const [sent] = rig.transport.sent
  expect(sent).toMatchObject({ scheme: 'http', port: 9, method: 'GET', target: '/x?y=1' })
  expect(valuesOf(sent?.headers ?? [], 'authorization')).toEqual([shown])
})

it('asks for the role with the token of the file, unsigned, and again when it ends', async () => {
  const rig = await lambda({ ...EKS, AWS_ROLE_SESSION_NAME: 'me' })
  await rig.ask('/')
  const [sent] = rig.transport.sent
  expect(valuesOf(sent?.headers ?? [], 'authorization')).toEqual([])
  const body = sent?.body instanceof Uint8Array ? sent.body : undefined
  expect(new TextDecoder().decode(body)).toBe(
    'Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Ar&RoleSessionName=me&WebIdentityToken=token+of+%2Fvar%2Frun%2Ftoken',
  )
  rig.runtime.time += 3_600_000
  await rig.ask('/')
  expect(rig.transport.sent.map(({ host }) => host.split('.')[0])).toEqual([
    ...['sts', 'lambda'],
    ...['sts', 'lambda'],
  ])
})

const PROXY = { proxy_url: 'http://p.test:3128' }

it.each<{ why: string; variables: Record<string, string>; config?: object; direct: string[] }>([
  { why: 'a role', variables: ENV, config: { aws_assume_role_arn: 'arn:r' }, direct: [] },
  { why: 'EKS, by a role', variables: EKS, direct: [] },
  { why: 'ECS', variables: ECS, direct: ['169.254.170.2'] },
  { why: 'the machine', variables: {}, direct: ['169.254.169.254', '169.254.169.254'] },
])('asks AWS by the proxy, and nobody nearer: $why', async ({ variables, config, direct }) => {
  const rig = await lambda(variables, { ...config, ...PROXY })
  expect((await rig.ask('/')).status).toBe(200)
  const { sent } = rig.transport
  const without = sent.filter(({ proxy }) => proxy === undefined)
  expect(without.map(({ host }) => host)).toEqual(direct)
  expect(sent.length).toBeGreaterThan(direct.length)
})

it.each([
  { variables: { AWS_REGION: 'eu-1', AWS_DEFAULT_REGION: 'eu-2' }, region: 'eu-1' },
  { variables: { AWS_DEFAULT_REGION: 'eu-2' }, region: 'eu-2' },
])('takes the region of $variables', async ({ variables, region }) => {
  const rig = await lambda({ ...ENV, ...variables }, { aws_region: null })
  await rig.ask('/')
  const [sent] = rig.transport.sent
  expect(sent?.host).toBe(`lambda.${region}.amazonaws.com`)
  expect(valuesOf(sent?.headers ?? [], 'authorization')[0]).toContain(`/${region}/lambda/`)
})

it.each([
  {
    why: 'the machine is not to be asked',
    variables: { AWS_EC2_METADATA_DISABLED: 'true' },
    calls: 0,
  },
  { why: 'nobody lends any', variables: ECS, calls: 2 },
])('answers 500 where $why', async ({ variables, calls }) => {
  const rig = await lambda(variables, {}, () => failure())
  const answer = await rig.ask('/')
  expect(answer.status).toBe(500)
  expect(rig.runtime.lines).toContain('error: Cannot invoke a function')
  expect(rig.transport.sent).toHaveLength(calls)
})
