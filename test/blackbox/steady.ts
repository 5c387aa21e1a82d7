import { Agent, request } from 'node:http'

/** One of many answers; times in ms of the load's own clock. */
export interface Served {
  /** 0 when no answer came, or not the whole of it. */
  readonly status: number
  /** What the target calls itself. */
  readonly target: string
  readonly body: string
  readonly began: number
  readonly ended: number
}

/** How much to ask for. */
export interface Load {
  readonly perSecond: number
  readonly seconds: number
  /** Called at each request, with its number: what it asks for besides the URL. */
  readonly path?: (n: number) => string
}

/** Sends GETs at a rate, whatever becomes of those before; resolves when all are answered. */
export async function steadily(url: string, load: Load): Promise<Served[]> {
  const { perSecond, seconds, path = () => '' } = load
  const agent = new Agent({ keepAlive: true })
  const asked: Promise<Served>[] = []
  const start = performance.now()
  const all = perSecond * seconds
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(all, ((performance.now() - start) / 1000) * perSecond)
      while (asked.length < due) asked.push(get(`${url}${path(asked.length)}`, agent))
      if (asked.length < all) return
      clearInterval(timer)
      resolve()
    }, 4)
  })
  const served = await Promise.all(asked)
  agent.destroy()
  return served
}

/** Some clients that each ask again as soon as they are answered, `requests` in all. */
export async function eagerly(
  url: string,
  { clients, requests }: { readonly clients: number; readonly requests: number },
): Promise<Served[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const served: Served[] = []
  let left = requests
  const client = async (): Promise<void> => {
    while (left-- > 0) served.push(await get(url, agent))
  }
  await Promise.all(Array.from({ length: clients }, client))
  agent.destroy()
  return served
}

/** The time that so large a share of the answers took at most. */
export function percentile(served: readonly Served[], share: number): number {
  const times = served.map(({ began, ended }) => ended - began).sort((a, b) => a - b)
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
}

/** Those that did not end well. */
export function failed(served: readonly Served[]): readonly Served[] {
  return served.filter(({ status }) => status !== 200)
}

/** One GET, which never rejects. */
export function get(url: string, agent: Agent | false = false): Promise<Served> {
  const began = performance.now()
  return new Promise((resolve) => {
    let body = ''
    const end = (status: number, target = ''): void =>
      resolve({ status, target, body, began, ended: performance.now() })
    const headers = { Accept: 'application/json' }
    const sent = request(url, { agent, headers }, (response) => {
      response.setEncoding('latin1').on('data', (chunk: string) => {
        body += chunk
      })
      response.on('error', () => end(0))
      response.on('end', () => end(response.statusCode ?? 0, `${response.headers['x-target']}`))
    })
    sent.setTimeout(15_000, () => sent.destroy(new Error('timed out')))
    sent.on('error', (error) => {
      body = String(error)
      end(0)
    })
    sent.end()
  })
}
