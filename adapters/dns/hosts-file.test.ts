import { expect, it } from 'vitest'
import { parseHosts } from './hosts-file.ts'

it.each([
  { rule: 'is empty', text: '', hosts: {} },
  {
    rule: 'gives a line many names and a name many lines',
    text: '10.0.0.1 a A.example\n10.0.0.2\ta # more\n10.0.0.1 a\n',
    hosts: { a: ['10.0.0.1', '10.0.0.2'], 'a.example': ['10.0.0.1'] },
  },
  {
    rule: 'has IPv6 in the form that answers have',
    text: '::1 six\r\n2001:DB8::5 five',
    hosts: {
      six: ['0000:0000:0000:0000:0000:0000:0000:0001'],
      five: ['2001:0db8:0000:0000:0000:0000:0000:0005'],
    },
  },
  {
    rule: 'may have IPv6 in brackets',
    text: '[::1] six\n[10.0.0.1] four\n[::1 five',
    hosts: { six: ['0000:0000:0000:0000:0000:0000:0000:0001'] },
  },
  {
    rule: 'has lines that mean nothing',
    text: '#10.0.0.1 a\n10.0.0 b\nfe80::1%lo0 c\n\n10.0.0.3\n',
    hosts: {},
  },
])('$rule', ({ text, hosts }) => {
  expect(Object.fromEntries(parseHosts(text))).toEqual(hosts)
})
