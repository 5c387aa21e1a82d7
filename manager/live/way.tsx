import type { Child } from 'hono/jsx'
import type { Explanation } from '../../src/proxy/explain.ts'
import { linkTo } from '../location.ts'
import { millisText } from './texts.ts'

/** The way of a request through the gateway, from top to bottom: route, plugins, service, target. */
export function Way({ way }: { way: Explanation }) {
  const { request, refused } = way
  return (
    <section aria-labelledby="way">
      <h2 id="way">What becomes of it</h2>
      <ol class="way">
        <li>
          <h3>Request</h3>
          <code>
            {request.method} {request.scheme}://{request.host}
            {request.path}
            {request.query === '' ? '' : `?${request.query}`}
          </code>{' '}
          <span class="soft">from {request.ip}</span>
        </li>
        <Routes way={way} />
        {way.route === null ? null : <Plugins plugins={way.plugins} />}
        {way.service === null ? null : <Service way={way} />}
        {way.target === null ? null : <Target target={way.target} />}
        {refused === null ? null : (
          <li>
            <h3 class="bad">Answered by the gateway: {refused.status}</h3>
            {refused.message}
          </li>
        )}
      </ol>
    </section>
  )
}

function Routes({ way: { route, candidates, candidates_left_out: left } }: { way: Explanation }) {
  const others = candidates.filter(({ result }) => result !== 'won')
  const winner = candidates.find(({ result }) => result === 'won')
  return (
    <li>
      <h3>
        Route:{' '}
        {route === null ? (
          <span class="bad">none takes it</span>
        ) : (
          <a href={linkTo(['routes', route.id])}>{route.name ?? route.id}</a>
        )}
      </h3>
      {route?.matched_path === null || route === null ? null : (
        <p class="help">
          It matched <code>{route.matched_path}</code>; {winner?.reason}.
        </p>
      )}
      {others.length === 0 ? null : (
        <details open={others.length < 6}>
          <summary>Why the others did not: {others.length + left}</summary>
          <ul>
            {others.map((one) => (
              <Line key={one.route.id} mark={one.result === 'lost' ? '–' : '×'}>
                <a href={linkTo(['routes', one.route.id])}>{one.route.name ?? one.route.id}</a>:{' '}
                {one.result === 'lost' ? 'matches, but ' : ''}
                {one.reason}
              </Line>
            ))}
            {left === 0 ? null : <Line mark="…">and {left} more</Line>}
          </ul>
        </details>
      )}
    </li>
  )
}

function Plugins({ plugins }: { plugins: Explanation['plugins'] }) {
  return (
    <li>
      <h3>Plugins, in this order</h3>
      {plugins.length === 0 ? <span class="soft">None is configured for it.</span> : null}
      <ul>
        {plugins.map((plugin) => (
          <Line key={plugin.id} mark={plugin.runs ? '✓' : '×'}>
            <a href={linkTo(['plugins', plugin.id])}>{plugin.name}</a>{' '}
            <span class="soft">
              {plugin.scope}, priority {plugin.priority}
            </span>
            {plugin.reason === undefined ? null : <> – does not run: it {plugin.reason}</>}
            {plugin.enforced ? null : <b class="warn"> does nothing in this release</b>}
          </Line>
        ))}
      </ul>
    </li>
  )
}

function Service({ way: { service, upstream_request: sent } }: { way: Explanation }) {
  return (
    <li>
      <h3>
        Service:{' '}
        <a href={linkTo(['services', service?.id ?? ''])}>{service?.name ?? service?.id}</a>
      </h3>
      {sent === null ? null : (
        <code>
          {sent.method} {sent.path} ({sent.scheme}, Host {sent.host ?? 'not known'})
        </code>
      )}
    </li>
  )
}

function Target({ target }: { target: NonNullable<Explanation['target']> }) {
  const { upstream, algorithm, hash } = target
  return (
    <li>
      <h3>Target: {target.chosen ?? <span class="bad">nobody</span>}</h3>
      <p class="help">
        {upstream === null ? null : (
          <>
            Upstream <a href={linkTo(['upstreams', upstream.id, 'targets'])}>{upstream.name}</a>,{' '}
            {algorithm}
            {hash === null ? '' : `, by ${hash.on} “${hash.key ?? 'a new cookie'}”`}:{' '}
          </>
        )}
        {target.reason}.
      </p>
      <ul>
        {target.targets.map((peer) => (
          <Line key={peer.address} mark={MARKS[peer.state]}>
            {peer.address}{' '}
            <span class="soft">
              weight {peer.weight}, {peer.in_flight} in flight
              {peer.latency_ms === null ? '' : `, ${millisText(peer.latency_ms)}`}
            </span>
            {peer.reason === undefined ? null : <> – {peer.reason}</>}
          </Line>
        ))}
      </ul>
    </li>
  )
}

const MARKS = { chosen: '✓', available: '·', skipped: '×' } as const
const MOODS: Readonly<Record<string, string>> = { '✓': 'good', '×': 'bad' }

function Line({ mark, children }: { mark: string; children?: Child }) {
  return (
    <li class="way-line">
      <span class={`mark ${MOODS[mark] ?? 'soft'}`} aria-hidden="true">
        {mark}
      </span>
      {children}
    </li>
  )
}
