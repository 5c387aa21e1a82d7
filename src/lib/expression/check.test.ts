import { describe, expect, it } from 'vitest'
import { checkExpression } from './check.ts'

const HTTP = ['http', 'https']

describe('checkExpression', () => {
  it.each([
    'http.method == "GET"',
    'http.path ^= "/a" && http.host =^ ".example.com"',
    '(http.path == r#"/a"b"# || lower(http.path) ~ r#"^/x\\d+$"#)&&!(http.method=="POST")',
    '! ( http.method == "POST" )',
    'any(lower(http.headers.x_foo)) contains "bar"',
    'lower(any(http.queries.q)) != ""',
    'http.path.segments.0 == "a" && http.path.segments.0_2 ^= "a/b" && http.path.segments.len >= 3',
    'net.src.ip in 10.0.0.0/8 || net.src.ip not in fd00::/8',
    'net.src.ip == 10.0.0.1 && net.dst.ip == ::1 && net.dst.ip != fe80::1',
    'net.src.port > 0x400 && net.dst.port <= 0777 && net.port < -1',
    'tls.sni == "a" && net.protocol == "https"',
    'http.path == "\\"\\\\\\n\\r\\t"',
    'http.path\n==\r\n\t"/a"',
    'http.path contains "a"',
  ])('takes %s', (text) => {
    expect(checkExpression(text, HTTP)).toBeUndefined()
  })

  it.each([
    { text: '', error: 'expected a field at 1:1' },
    { text: 'http.path', error: 'expected an operator at 1:10' },
    {
      text: 'http.path ==\n  GET',
      error: 'expected a string, an integer, an IP address or a CIDR at 2:3',
    },
    {
      text: 'http.path == "a',
      error: 'string without an end, or with an unknown escape at 1:14',
    },
    {
      text: 'http.path == "a\\d"',
      error: 'string without an end, or with an unknown escape at 1:14',
    },
    { text: 'http.path == "a" http', error: 'expected && or || or the end at 1:18' },
    { text: 'http.path == "a" &&', error: 'expected a field at 1:20' },
    { text: '(http.path == "a"', error: 'expected && or || or ) at 1:18' },
    { text: '!http.path == "a"', error: 'expected ( after ! at 1:2' },
    { text: 'upper(http.path) == "a"', error: 'unknown transformation function: upper at 1:1' },
    { text: 'lower(http.path == "a"', error: 'expected ) at 1:17' },
    { text: 'http.foo == "a"', error: 'Unknown LHS field at 1:1' },
    { text: 'http.headers.a.b == "a"', error: 'Unknown LHS field at 1:1' },
    {
      text: 'http.path == "a" && http.path == 1',
      error: 'Type mismatch between the LHS and RHS values of predicate at 1:21',
    },
    {
      text: 'net.src.ip == 10.0.0.0/8',
      error: 'Type mismatch between the LHS and RHS values of predicate at 1:1',
    },
    {
      text: 'net.src.ip in 10.0.0.1',
      error: 'In/NotIn operators only supports IP in CIDR at 1:1',
    },
    {
      text: 'http.path in "/a"',
      error: 'In/NotIn operators only supports IP in CIDR at 1:1',
    },
    {
      text: 'lower(net.dst.port) == 1',
      error: 'lower-case transformation function only supported with String type fields at 1:1',
    },
    {
      text: 'net.dst.port ^= 1',
      error: 'Regex/Prefix/Postfix operators only supports string operands at 1:1',
    },
    {
      text: 'net.dst.port contains 1',
      error: 'Contains operator only supports string operands at 1:1',
    },
    {
      text: 'http.path > "a"',
      error:
        'Greater/GreaterOrEqual/Less/LessOrEqual operators only supports integer operands at 1:1',
    },
    {
      text: 'http.path ~ 1',
      error: 'regex operator can only be used with String operands at 1:1',
    },
    { text: 'net.dst.port ~ "1"', error: 'Regex operators only supports string operands at 1:1' },
    { text: 'net.src.ip in 10.0.0.1/8', error: 'host part of address was not zero at 1:15' },
    { text: 'net.src.ip == 999.1.1.1', error: 'invalid IP address or CIDR at 1:15' },
    {
      text: 'net.dst.port == 9223372036854775808',
      error: 'number too large to fit in target type at 1:17',
    },
    ...['1_0', '1_1', '01', '1_', '_1', 'a', 'len0', '1_2_3', ''].map((suffix) => ({
      text: `http.path.segments.${suffix} == "a"`,
      error: 'illformed http.path.segments.* field at 1:1',
    })),
    {
      text: `${'('.repeat(100)}http.path == "a"${')'.repeat(100)}`,
      error: 'parentheses are too deeply nested at 1:66',
    },
  ])('refuses $text: $error', ({ text, error }) => {
    expect(checkExpression(text, HTTP)).toBe(error)
  })

  it.each(['(?=a)', '(a)\\1', '('])('refuses the regex %s', (source) => {
    const error = checkExpression(`http.path ~ r#"${source}"#`, HTTP)
    expect(error).toMatch(/^invalid regex '.*': .+ at 1:1$/)
  })

  it.each([
    ['http.path == "/"', 'Unknown LHS field at 1:1'],
    ['net.dst.port == 80 && tls.sni == "a"', undefined],
  ])('knows of streams: %s', (text, error) => {
    expect(checkExpression(text, ['tcp'])).toBe(error)
    expect(checkExpression(text, ['tls_passthrough'])).toBe(error)
  })
})
