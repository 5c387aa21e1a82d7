import { readCertificate } from '../../lib/x509.ts'
import type { AdminKit } from '../../pdk/admin-route.ts'
import { certify } from './certify.ts'
import type { AcmeConfig } from './config.ts'
import { ourHosts, savedCertificate } from './save-certificate.ts'
import { openStorage, STORED } from './storage.ts'

const DAY_MS = 86_400_000
const SOON_MS = 600_000

/** Renews what ends before long; what fails is logged, and tried again another day. */
export async function renewAll(config: AcmeConfig, kit: AdminKit): Promise<void> {
  const storage = openStorage(config, kit)
  const keys = await storage.list(STORED.renewal)
  await storage.set(STORED.lastRun, new Date(kit.runtime.now()).toISOString())
  const hosts = new Set(keys.map((key) => key.slice(STORED.renewal.length)))
  for (const host of hosts) {
    // Who removed it does not want it renewed.
    if (savedCertificate(kit, host) === undefined) await storage.delete(STORED.renewal + host)
  }
  // A memory forgets them at a restart, the names they are shown for do not.
  for (const host of new Set([...hosts, ...ourHosts(kit)])) {
    const saved = savedCertificate(kit, host)
    if (saved !== undefined && endsSoon(saved.cert, config, kit)) {
      await renew(host, saved.key, config, kit)
    }
  }
}

async function renew(host: string, key: string, config: AcmeConfig, kit: AdminKit): Promise<void> {
  const result = await certify(host, config, kit, key)
  if (result.state !== 'failed') return
  kit.runtime.log('error', 'Cannot renew a certificate', { host, error: result.error })
}

function endsSoon(cert: string, config: AcmeConfig, kit: AdminKit): boolean {
  const read = readCertificate(cert)
  return 'error' in read || read.notAfter - threshold(config) <= kit.runtime.now()
}

function threshold({ renew_threshold_days: days }: AcmeConfig): number {
  return (days ?? 14) * DAY_MS
}

/** Looks soon, for a process may not live a day, and then once a day; what it gives ends that. */
export function renewDaily(config: AcmeConfig, kit: AdminKit): () => void {
  let cancel = kit.after(SOON_MS, run)
  function run(): void {
    cancel = kit.after(DAY_MS, run)
    kit.runtime.background(renewAll(config, kit))
  }
  return () => cancel()
}
