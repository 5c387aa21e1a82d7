import { KONG_VERSION, VERSION } from '../../src/lib/version.ts'
import { ALL_SETTINGS } from '../../src/settings/all.ts'

/** `gibbon version`. */
export function versionText(): string {
  return `gibbon ${VERSION} (speaks Kong ${KONG_VERSION})\n`
}

/** `gibbon --help`: what there is to do, by example. */
export function helpText(): string {
  return `gibbon ${VERSION}: an API gateway that speaks Kong's language

  gibbon start                 serve; what the Admin API is told is kept in ./gibbon-data
  gibbon start kong.yaml       serve this file; SIGHUP reads it again
  gibbon check kong.yaml       say all that is wrong with a file, change nothing
  gibbon settings              every setting, its default and what it does
  gibbon version

Settings are given, the strongest first,
  as flags                     gibbon start --proxy-listen 0.0.0.0:8000
  as environment variables     KONG_PROXY_LISTEN=0.0.0.0:8000 gibbon start
  in a kong.conf               gibbon start --conf kong.conf

A first route, once it runs:
${guideText('http://127.0.0.1:8000', 'http://127.0.0.1:8001')}`
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
