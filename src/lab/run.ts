import { type Balancers, createBalancers } from '../balancer/balancers.ts'
import type { KV } from '../ports/kv.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { Transport } from '../ports/transport.ts'
import { startClients } from './clients.ts'
import { createDice } from './dice.ts'
import { addressOf, targetsAt, UPSTREAM, UPSTREAM_ID, upstreamOf } from './entities.ts'
import { createEventQueue, type EventQueue } from './event-queue.ts'
import { type AlgorithmFigures, createRecorder } from './figures.ts'
import { createNetwork, type Sender } from './network.ts'
import { createRequests, type Requests, type Try } from './requests.ts'
import type { Scenario } from './scenario.ts'
import type { OpenSending, Send } from './sending.ts'
import { SimulatedTarget } from './simulated-target.ts'
import { createStillness, type Stillness } from './stillness.ts'

/** What a run needs beside the scenario. */
export interface RunOptions {
  readonly openSending: OpenSending
  /** Told now and then how far the simulated time is, in milliseconds. */
  readonly onProgress?: ((now: number) => void) | undefined
  /** Told of every try. */
  readonly onTry?: ((sent: Try) => void) | undefined
}

/** Plays a scenario with one algorithm, from the first request to the last answer. */
export async function runAlgorithm(
  scenario: Scenario,
  algorithm: string,
  { openSending, onProgress, onTry }: RunOptions,
): Promise<AlgorithmFigures> {
  const stage = { clock: { now: 0 }, events: createEventQueue(), stillness: createStillness() }
  const recorder = createRecorder(scenario)
  const targets = buildTargets(scenario, stage)
  const places = new Map([...targets.keys()].map((address, place) => [address, place]))
  const requests = createRequests(scenario, { ...stage, recorder, places, onTry })
  const gateway = openGateway(scenario, {
    openSending,
    runtime: simulatedRuntime(scenario, stage),
    requests,
    probe: createProbe(stage.stillness),
    network: createNetwork({ ...stage, targets }),
  })

  configure(scenario, algorithm, { ...stage, balancers: gateway.balancers })
  for (const at of recorder.edges) {
    stage.events.add(at, () => {
      recorder.read(
        at,
        Array.from(targets.values(), (one) => one.sums()),
      )
    })
  }
  keepTicking(gateway, stage)
  startClients(scenario, { ...stage, launch: (ended) => requests.launch(gateway.send, ended) })
  await play(stage, { requests, duration: scenario.duration, onProgress })
  return recorder.figures(algorithm)
}

/** The gateway's own parts. */
interface Gateway {
  readonly runtime: Runtime
  readonly balancers: Balancers
  readonly send: Send
}

interface GatewayParts {
  readonly openSending: OpenSending
  readonly runtime: Runtime
  readonly requests: Requests
  readonly probe: Sender
  readonly network: (sender: () => Sender) => Transport
}

function openGateway(
  { connectBackoff, slowStart, method, retries, timeouts }: Scenario,
  { openSending, runtime, requests, probe, network }: GatewayParts,
): Gateway {
  const balancers = createBalancers({
    runtime,
    kv: DEAF,
    transport: network(() => probe),
    connectBackoff,
    slowStart,
  })
  const send = openSending({
    balancers,
    runtime,
    transport: network(requests.current),
    upstream: UPSTREAM,
    method,
    attempts: retries + 1,
    connectTimeout: timeouts.connect,
    readTimeout: timeouts.read,
  })
  return { runtime, balancers, send }
}

/** The gateway's clock at the start: any moment later than nought. */
const START = 1_000_000_000_000

/** Events between two words of progress. */
const STRIDE = 4_096

interface Stage {
  readonly clock: { now: number }
  readonly events: EventQueue
  readonly stillness: Stillness
}

async function play(
  { clock, events, stillness }: Stage,
  { requests, duration, onProgress }: Playing,
): Promise<void> {
  for (let step = 0; events.nextAt() <= duration || requests.live > 0; step++) {
    clock.now = events.nextAt()
    events.take()?.()
    if (!stillness.isStill) await stillness.settle()
    if (step % STRIDE === 0) onProgress?.(Math.min(clock.now, duration))
  }
}

interface Playing {
  readonly requests: Requests
  readonly duration: number
  readonly onProgress: RunOptions['onProgress']
}

function buildTargets({ seed, targets }: Scenario, stage: Stage): Map<string, SimulatedTarget> {
  const dice = {
    latency: createDice(seed, 'latency'),
    latencyToo: createDice(seed, 'latency too'),
    errors: createDice(seed, 'errors'),
  }
  return new Map(
    targets.map((plan) => [addressOf(plan.name), new SimulatedTarget(plan, { ...stage, dice })]),
  )
}

/** The targets that are there at the start, and those that come and go. */
function configure(
  scenario: Scenario,
  algorithm: string,
  { events, balancers }: Stage & { readonly balancers: Balancers },
): void {
  const upstream = upstreamOf(scenario, algorithm)
  balancers.sync([upstream], targetsAt(scenario, 0))
  const changes = new Set(scenario.targets.flatMap(({ joins, leaves }) => [joins, leaves]))
  for (const at of changes) {
    if (at === 0 || at > scenario.duration) continue
    events.add(at, () => {
      balancers.update(UPSTREAM_ID, { upstream, targets: targetsAt(scenario, at) })
    })
  }
}

function keepTicking({ balancers, runtime }: Gateway, { clock, events, stillness }: Stage): void {
  const tick = () => {
    stillness.wake()
    balancers.tick(runtime.now()).then((pause) => {
      events.add(clock.now + pause, tick)
      stillness.sleep()
    }, stillness.fail)
  }
  events.add(0, tick)
}

/** A machine whose clock shows whole milliseconds, as every gateway's does. */
function simulatedRuntime({ seed }: Scenario, { clock, stillness }: Stage): Runtime {
  const dice = createDice(seed, 'balancer')
  let thrown = 0
  let ids = 0
  return {
    name: 'lab',
    now: () => START + Math.floor(clock.now),
    random: () => dice(thrown++),
    uuid: () => `00000000-0000-4000-8000-${String(ids++).padStart(12, '0')}`,
    log() {},
    background: stillness.background,
  }
}

/** Whoever probes; probes need no names. */
function createProbe({ probeSent, probeAnswered }: Stillness): Sender {
  let sent = 0
  return {
    get index() {
      return PROBES + sent
    },
    key: undefined,
    turn: () => sent++,
    sleep: probeSent,
    wake: probeAnswered,
  }
}

/** Far from where requests are counted. */
const PROBES = 2 ** 31

/** A gateway alone has nobody to tell. */
const DEAF: KV = {
  traits: { atomic: true, shared: false },
  get: async () => undefined,
  set: async () => {},
  delete: async () => {},
  list: async () => [],
  increment: async () => 0,
  close: async () => {},
}
