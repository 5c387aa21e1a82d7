import { expect, it } from 'vitest'
import { headerOf } from './header-list.ts'
import { signRequest } from './sigv4.ts'

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}

// From the test suite AWS publishes for Signature Version 4, and from its documentation.
it.each([
  {
    name: 'get-vanilla',
    method: 'GET',
    url: 'https://example.amazonaws.com/',
    signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  },
  {
    name: 'post-vanilla',
    method: 'POST',
    url: 'https://example.amazonaws.com/',
    signature: '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  },
  {
    name: 'get-vanilla-query-order-key-case',
    method: 'GET',
    url: 'https://example.amazonaws.com/?Param2=value2&Param1=value1',
    signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  },
  {
    name: 'the documentation',
    method: 'GET',
    url: 'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08',
    service: 'iam',
    headers: ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'],
    signature: '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  },
])('signs as $name does', async ({ method, url, service = 'service', headers = [], signature }) => {
  const signed = await signRequest({
    method,
    url: new URL(url),
    headers,
    body: new Uint8Array(),
    region: 'us-east-1',
    service,
    credentials,
    now: Date.UTC(2015, 7, 30, 12, 36),
  })
  const authorization = headerOf(signed, 'authorization')
  expect(authorization).toContain(`AKIDEXAMPLE/20150830/us-east-1/${service}/aws4_request, `)
  expect(authorization?.split('Signature=')[1]).toBe(signature)
  expect(headerOf(signed, 'x-amz-date')).toBe('20150830T123600Z')
})

it('signs the token of credentials that end', async () => {
  const signed = await signRequest({
    method: 'POST',
    url: new URL('https://lambda.eu-west-1.amazonaws.com/a%3Ab'),
    headers: [],
    body: new Uint8Array(),
    region: 'eu-west-1',
    service: 'lambda',
    credentials: { ...credentials, sessionToken: 'token' },
    now: 0,
  })
  expect(headerOf(signed, 'x-amz-security-token')).toBe('token')
  expect(headerOf(signed, 'authorization')).toContain(
    'SignedHeaders=host;x-amz-date;x-amz-security-token,',
  )
})
