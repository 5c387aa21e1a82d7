/** What the pages of log plugins say of streams. */
export const STREAM_NOTE =
  'With one of `tcp`, `tls`, `tls_passthrough` and `udp` among `protocols` there is an entry for each session of stream routes, too, when it has ended. It holds `session` (`received`, `sent`, `status`, `server_port`, `tls`), `upstream` (`received`, `sent`), `latencies` (`kong`, `session`), `tries`, `client_ip`, `started_at`, `route` and `service`, and nothing of requests.'
