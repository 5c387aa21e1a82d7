import type { Child } from 'hono/jsx'
import { isRecord } from '../api.ts'
import type { Measured } from '../live/metrics.ts'
import { countText } from '../live/texts.ts'
import { linkTo } from '../location.ts'

type Facts = Readonly<Record<string, unknown>>

/** What the gateway is and what it stands on. */
export function GatewayFacts({
  node,
  status,
  metrics,
}: {
  node: unknown
  status: unknown
  metrics: readonly Measured[]
}) {
  if (!isRecord(node)) return <p class="soft">Loading…</p>
  const settings = recordIn(node, 'configuration')
  const revision = metrics.find(({ name }) => name === 'gibbon_config_revision')?.value
  return (
    <div class="cards">
      <NodeCard node={node} />
      <PortsCard settings={settings} />
      <ConfigurationCard settings={settings} status={status} revision={revision} />
      <ConnectionsCard status={status} />
    </div>
  )
}

function NodeCard({ node }: { node: Facts }) {
  return (
    <Card title="Gateway">
      <Fact name="Version">{String(node.version)}</Fact>
      <Fact name="Hostname">{String(node.hostname)}</Fact>
      <Fact name="Node ID">
        <code>{String(node.node_id)}</code>
      </Fact>
      <Fact name="Runtime">{String(node.lua_version)}</Fact>
    </Card>
  )
}

function PortsCard({ settings }: { settings: Facts }) {
  return (
    <Card title="Ports">
      <Fact name="Proxy">{listenersOf(settings, 'proxy_listeners')}</Fact>
      <Fact name="Admin API">{listenersOf(settings, 'admin_listeners')}</Fact>
      <Fact name="Manager">{listenersOf(settings, 'admin_gui_listeners')}</Fact>
    </Card>
  )
}

function ConfigurationCard({
  settings,
  status,
  revision,
}: {
  settings: Facts
  status: unknown
  revision: number | undefined
}) {
  return (
    <Card title="Configuration">
      <Fact name="Revision">
        {revision === undefined ? '–' : <a href={linkTo(['history'])}>{String(revision)}</a>}
      </Fact>
      <Fact name="Database">{String(settings.database)}</Fact>
      <Fact name="Store">{answersText(recordIn(status, 'database'), 'in memory')}</Fact>
      <Fact name="KV">{answersText(recordIn(status, 'kv'), 'not known')}</Fact>
      <Fact name="Router">{String(settings.router_flavor)}</Fact>
    </Card>
  )
}

function ConnectionsCard({ status }: { status: unknown }) {
  return (
    <Card title="Connections">
      <Fact name="Requests">{figureOf(status, 'total_requests')}</Fact>
      <Fact name="Active">{figureOf(status, 'connections_active')}</Fact>
      <Fact name="Accepted">{figureOf(status, 'connections_accepted')}</Fact>
    </Card>
  )
}

function Card({ title, children }: { title: string; children?: Child }) {
  return (
    <section class="card" aria-label={title}>
      <h2>{title}</h2>
      <dl class="facts">{children}</dl>
    </section>
  )
}

function Fact({ name, children }: { name: string; children?: Child }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

function answersText(told: Facts, otherwise: string): Child {
  if (told.reachable === undefined) return <span class="soft">{otherwise}</span>
  const whose = told.shared === true ? ', shared' : told.shared === false ? ', of its own' : ''
  return told.reachable === true ? (
    <span class="good">answers{whose}</span>
  ) : (
    <span class="bad">does not answer</span>
  )
}

function listenersOf(settings: Facts, name: string): string {
  const list = settings[name]
  if (!Array.isArray(list) || list.length === 0) return '–'
  return list.map((one) => (isRecord(one) ? String(one.listener) : '')).join(', ')
}

function figureOf(status: unknown, name: string): string {
  const value = recordIn(status, 'server')[name]
  return typeof value === 'number' ? countText(value) : '–'
}

function recordIn(holder: unknown, name: string): Facts {
  const value = isRecord(holder) ? holder[name] : undefined
  return isRecord(value) ? value : {}
}
