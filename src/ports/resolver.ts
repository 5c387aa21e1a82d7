/** What a name can be asked for. */
export type RecordType = 'A' | 'AAAA' | 'SRV' | 'CNAME'

interface RecordHead {
  /** Whose record it is: lower case, no dot at the end. */
  readonly name: string
  /** Seconds. */
  readonly ttl: number
}

/** An address; IPv6 with all its digits. */
export interface AddressRecord extends RecordHead {
  readonly type: 'A' | 'AAAA'
  readonly address: string
}

/** Where a service runs. */
export interface ServiceRecord extends RecordHead {
  readonly type: 'SRV'
  readonly priority: number
  readonly weight: number
  readonly port: number
  /** Empty when the service is said not to exist. */
  readonly target: string
}

/** Another name for the same. */
export interface AliasRecord extends RecordHead {
  readonly type: 'CNAME'
  readonly target: string
}

/** One record of a kind that is used here. */
export type NameRecord = AddressRecord | ServiceRecord | AliasRecord

/**
 * Why there is no answer: no such name, none of that type; nobody answered in time, nobody would, or
 * the server could not find out.
 */
export type LookupFailure = 'nxdomain' | 'empty' | 'timeout' | 'refused' | 'servfail'

/** What came of a query. */
export type Answer =
  | {
      readonly ok: true
      /** Never empty; aliases on the way to what was asked are among them. */
      readonly records: readonly NameRecord[]
      /** What the server sent beside it: addresses of an SRV record's targets. */
      readonly extra: readonly NameRecord[]
    }
  | { readonly ok: false; readonly reason: LookupFailure }

/** What a machine was told of names beside DNS. */
export interface MachineNames {
  /** Addresses by lower-case name, as a hosts file has them. */
  readonly hosts: ReadonlyMap<string, readonly string[]>
  /** Domains that short names are tried in. */
  readonly search: readonly string[]
  /** A name with so many dots is tried as it is first. */
  readonly ndots: number
}

/** Asks name servers. Failures are values; a rejection is a bug. */
export interface Resolver {
  /** Asks for one whole name, as it is; answers within a bounded time. */
  query(name: string, type: RecordType): Promise<Answer>
  /** Absent where there is no such machine. May be asked at every lookup. */
  machine?(): Promise<MachineNames>
}
