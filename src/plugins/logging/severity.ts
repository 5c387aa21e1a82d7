/** Syslog's severities by Kong's names for them; the lower, the graver. */
export const SEVERITIES = {
  emerg: 0,
  alert: 1,
  crit: 2,
  err: 3,
  warning: 4,
  notice: 5,
  info: 6,
  debug: 7,
} as const

type SeverityName = keyof typeof SEVERITIES

/** How grave entries are, by the answer's status, and how grave they have to be. */
export interface SeverityFields {
  readonly log_level: SeverityName | null
  readonly successful_severity: SeverityName | null
  readonly client_errors_severity: SeverityName | null
  readonly server_errors_severity: SeverityName | null
}

/** The severity of an entry about such a status; undefined for one that is not to be written. */
export function severityOf(fields: SeverityFields, status: number): number | undefined {
  const name =
    status >= 500
      ? fields.server_errors_severity
      : status >= 400
        ? fields.client_errors_severity
        : fields.successful_severity
  const severity = SEVERITIES[name ?? 'info']
  return severity <= SEVERITIES[fields.log_level ?? 'info'] ? severity : undefined
}
