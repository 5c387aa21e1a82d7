import { KONG_VERSION, VERSION } from '../../src/lib/version.ts'
import type { Plugin } from '../../src/pdk/plugin.ts'
import { ALL_SETTINGS } from '../../src/settings/all.ts'
import { COMMANDS, type Flag } from './commands.ts'

/** `gibbon version`. */
export function versionText(): string {
  return `gibbon ${VERSION} (speaks Kong ${KONG_VERSION})\n`
}

/** `gibbon --help`: what there is to do, by example. */
export function helpText(): string {
  const commands = COMMANDS.map(({ name, about }) => `  gibbon ${name.padEnd(10)} ${about}\n`)
  return `gibbon ${VERSION}: an API gateway that speaks Kong's language

${commands.join('')}
  gibbon start kong.yaml       serve this file, anew when it changes
  gibbon check kong.yaml       would it be served?
  gibbon sync kong.yaml        bring a running gateway, gibbon or Kong, to what this file says
  gibbon help sync             more about a command

Settings are given, the strongest first,
  as flags                     gibbon start --proxy-listen 0.0.0.0:8000
  as environment variables     KONG_PROXY_LISTEN=0.0.0.0:8000 gibbon start
  in a kong.conf               gibbon start --conf kong.conf

A first route, once it runs:
${guideText('http://127.0.0.1:8000', 'http://127.0.0.1:8001')}`
}

/** `gibbon help sync`; undefined when there is no such command. */
export function commandText(name: string | undefined): string | undefined {
  const command = COMMANDS.find((one) => one.name === name)
  if (command === undefined) return undefined
  const { usage, about, lesson, flags, settings } = command
  const own = flags.map(flagText).join('')
  const all = settings ? SETTING_FLAGS : ''
  return `${usage}\n\n${about}\n\n${lesson}\n${own + all === '' ? '' : `\nFlags\n${own}${all}`}`
}

const SETTING_FLAGS = `  -c, --conf FILE
      a kong.conf
  --SETTING VALUE
      any of \`gibbon settings\`
`

function flagText({ name, short, value, repeatable, about }: Flag): string {
  const dashed = short === undefined ? `--${name}` : `-${short}, --${name}`
  const again = repeatable === true ? ' (may be repeated)' : ''
  return `  ${dashed}${value === undefined ? '' : ` ${value}`}${again}\n      ${about}\n`
}

/** `gibbon plugins`. */
export function pluginsText(plugins: readonly Plugin[]): string {
  const rows = plugins.map(({ name, priority, about, open }) => {
    const summary = open === undefined ? 'configuration only' : (about?.summary ?? '')
    return `  ${String(priority).padStart(8)}  ${name.padEnd(24)} ${summary}\n`
  })
  return `  priority  plugin                   what it does
${rows.join('')}
${plugins.length} plugins, in the order they run; docs/plugins has a page for each.
`
}

/** The copy-paste guide that help and start-up print. */
export function guideText(proxy: string, admin: string): string {
  return `  npm run demo:targets &       # two small servers on :9001 and :9002
  curl -X POST ${admin}/upstreams --data name=example_upstream
  curl -X POST ${admin}/upstreams/example_upstream/targets --data target=localhost:9001
  curl -X POST ${admin}/upstreams/example_upstream/targets --data target=localhost:9002
  curl -X POST ${admin}/services --data name=example_service --data host=example_upstream
  curl -X POST ${admin}/services/example_service/routes --data 'paths[]=/mock'
  curl ${proxy}/mock/headers   # again and again: the Host alternates
`
}

/** `gibbon settings`. */
export function settingsText(): string {
  return ALL_SETTINGS.map((setting) => {
    const variable = `${setting.ours === true ? 'GIBBON' : 'KONG'}_${setting.name.toUpperCase()}`
    const fallback = setting.fallback === '' ? 'none' : setting.fallback
    return `${variable}, --${setting.name.replaceAll('_', '-')}\n    ${setting.about}\n    default: ${fallback}\n`
  }).join('\n')
}

/** docs/settings.md, held by a test to say the same. */
export function settingsPage(): string {
  return `# Settings

Given as a flag, an environment variable or a line of a kong.conf (\`--conf FILE\`), the strongest first. Names are
Kong's where Kong has one; those that begin with \`GIBBON_\` are ours. \`GIBBON_\` in front of a Kong name works too, and wins.
A Kong setting that is not listed here is named once in a warning; a bad value ends the start with its reason.

\`\`\`text
${settingsText()}\`\`\`
`
}
