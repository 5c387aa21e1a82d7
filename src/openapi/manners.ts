/** What holds for all entities, for docs/admin-api.md. */
export const MANNERS = `## Who may use it

It listens on loopback. To listen elsewhere it wants \`admin_token\`; requests then bring it as
\`Kong-Admin-Token: …\` or \`Authorization: Bearer …\`, or are answered 401. An address that brings 20 wrong tokens in a
minute is answered 429 for the rest of it. \`admin_auth=off\` does without, for networks that are closed by other means.

Pages in browsers may write when they come from the same host or an origin of \`admin_gui_url\`. On loopback the Host of
every request must be an address, \`localhost\` or a host of \`admin_gui_url\`, so that no foreign name can be pointed here.
The status listener (\`status_listen\`) answers \`/status\`, \`/status/dns\`, \`/status/ready\` and \`/metrics\` to whoever can reach it, and with
\`database = off\` \`GET /upstreams/{u}/health\`, \`/targets\`, \`/targets/all\` and \`/targets/{t}\`. \`POST /status/ready\` with \`status=draining\` takes the
gateway out of service.

## Writing

| call | does | answers |
|---|---|---|
| \`POST\` to a collection | creates | 201 |
| \`PUT\` to a path of one | creates, or replaces whole: what is not sent goes back to its default | 200 |
| \`PATCH\` | changes what is sent: records member by member, lists and maps as a whole | 200, 404 |
| \`DELETE\` | deletes, with what belongs to it | 204 |

Bodies are JSON, or forms as curl's \`-d\` and \`-F\` send them: \`a.b=1\`, \`a[]=x\`, \`a[1]=x\`, \`service.name=s\`; form text
is typed by the field it is for. A reference is \`{"id": …}\` or a unique field of what it names: \`{"name": "s"}\`.
Bodies end at 10 MiB, a nesting of 128, and 1,000 arguments of a form. \`POST /schemas/<entity>/validate\` tells whether
an entity would pass, and changes nothing.

## Secrets

\`{vault://env/my-secret}\` stands for the environment variable \`MY_SECRET\` in every field that «may name a vault’s secret», and in every
setting. \`{vault://env/db/password}\` is the member \`password\` of the JSON object in \`DB\`, \`#2\` the variable with \`_PREVIOUS\` at its end,
\`?prefix=app_\` puts \`APP_\` before it. A vault of the kind \`env\` has a prefix of its own: \`PUT /vaults/my-env {"name":"env","config":{"prefix":"app_"}}\`,
then \`{vault://my-env/my-secret}\`. What is not found is the empty text, and a line of the log says so. The Admin API always shows the
reference. On Workers the bindings that are texts are the environment.

## Lists

\`{"data": […], "next": "/services?offset=…" or null, "offset": "…"}\`: a page in the order of ids, 100 long or \`size\` (at
most 1000). \`next\` is the path of the next page. \`?tags=a,b\` keeps what bears both tags, \`?tags=a/b\` what bears either.

## Errors

\`\`\`json
{ "code": 2, "name": "schema violation", "message": "schema violation (host: required field missing)",
  "fields": { "host": "required field missing" } }
\`\`\`

All that is wrong is said at once; \`fields\` has the shape of what was sent, and rules over several fields are in
\`fields["@entity"]\`. 400: not valid; 404: not there; 405: not by this verb, or without a database; 409: a unique value is taken;
412: changed meanwhile; 413 and 415: body too large, or of another type. Ours beside Kong's members: \`hint\`, which names the
field that may have been meant, or the entity that is in the way.

## Races

Every answer with one entity bears an \`ETag\`. Sent back as \`If-Match\`, a write is done only if nobody else changed the entity
since, else 412; \`If-None-Match: *\` creates, and never replaces. \`X-Config-Revision\` counts the changes of all there is.

## Many changes as one

\`\`\`sh
curl -X POST localhost:8001/batch -H 'Content-Type: application/json' -d '{"steps": [
  {"put": {"entity": "services", "id": "6f1c2f0e-9d5a-4a07-8a3c-3b0f1d2c4e5a", "value": {"name": "a", "host": "a.test"}}},
  {"delete": {"entity": "routes", "id": "0b7e51d4-2c66-4e6b-9f0a-7d1c0a9b8e21"}}]}'
\`\`\`

All steps are done or none: the first that is refused is the answer, with its number as \`step\`. \`"dry_run": true\` tries
them and keeps nothing. Under \`If-Match: "12"\` nothing is done unless the configuration is at revision 12.

## The configuration as text

\`GET /config/text\` gives all there is as decK's YAML with its \`revision\`. \`POST /config/text\` with \`{"text": …}\` makes
everything as the text says, all or nothing; \`"dry_run": true\` only tells what would change: \`summary\` and \`changes\`, with
the fields that differ, secrets left out. Under \`If-Match: "<revision>"\` it is 412 when somebody else came first. What is
wrong is told all at once in \`fields.problems\`, each with its \`line\`.

## Without a database

\`POST /config\` replaces everything by a document in Kong's form. It is kept in \`data_dir\` before the 201 and served again by
the next start that is given no \`kong.yaml\`; a start with one serves that and forgets what was posted. \`check_hash=1\` knows the
text after a restart too. On a disk that cannot be written the answer is the same, the log warns, and the configuration is
gone after a restart. One \`data_dir\` belongs to one gateway.

## Going back

\`GET /revisions\` lists the last changes, newest first: when, by what call, and which entities. \`POST
/revisions/{revision}/restore\` makes everything as it was after that change; this is a change of its own, so it can be
undone too. \`revision_history\` says how many are kept.
`
