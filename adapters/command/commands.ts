/** A flag of one command. */
export interface Flag {
  readonly name: string
  readonly short?: string
  /** What stands for its value in help; absent when it has none. */
  readonly value?: string
  readonly repeatable?: boolean
  readonly about: string
}

/** A thing `gibbon` can do. */
export interface Command {
  readonly name: string
  /** How many files it takes. */
  readonly files: 'none' | 'at most one' | 'one' | 'some'
  /** What its one file is when it is none. */
  readonly takes?: string
  /** Whether every setting is a flag of it. */
  readonly settings: boolean
  readonly flags: readonly Flag[]
  readonly usage: string
  /** One line, for the list of commands. */
  readonly about: string
  /** What `gibbon help <command>` says further, by example. */
  readonly lesson: string
}

const ADDRESS: readonly Flag[] = [
  {
    name: 'kong-addr',
    value: 'URL',
    about: 'the Admin API; http://127.0.0.1:8001 unless said otherwise',
  },
  { name: 'kong-admin-token', value: 'TOKEN', about: 'sent as the header Kong-Admin-Token' },
]

const GATEWAY: readonly Flag[] = [
  ...ADDRESS,
  { name: 'headers', value: 'NAME:VALUE', repeatable: true, about: 'sent with every request' },
  {
    name: 'select-tag',
    value: 'TAG',
    repeatable: true,
    about: 'only what bears this tag (all of them, when repeated); the rest is left alone',
  },
  {
    name: 'parallelism',
    value: 'N',
    about: 'requests under way at once; 10 unless said otherwise',
  },
]

const JSON_OUTPUT: Flag = {
  name: 'json-output',
  about: 'print one JSON document: changes, summary, warnings, errors',
}

const SYNC_LESSON = `FILE may be a folder, and - is standard input; several files are taken as one. The format is
decK's: services with routes, plugins where they apply, consumers with their credentials,
upstreams with targets. \${{ env "DECK_NAME" }} is replaced by that environment variable.`

/** Every command, in the order help tells of them. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'start',
    files: 'at most one',
    settings: true,
    flags: [],
    usage: 'gibbon start [kong.yaml] [--SETTING VALUE …]',
    about: 'serve; what the Admin API is told is kept in ./gibbon-data, or serve a file',
    lesson: `Without a file the Admin API is where things are changed. With one, the file is all there is:
when it changes it is served anew. \`gibbon settings\` lists the settings.

  gibbon start
  gibbon start kong.yaml --proxy-listen 0.0.0.0:8000`,
  },
  {
    name: 'check',
    files: 'one',
    settings: true,
    flags: [],
    usage: 'gibbon check kong.yaml',
    about: 'say all that is wrong with a file that `start` would serve; change nothing',
    lesson: `Exits with 0 when the file is good and 1 when it is not.`,
  },
  {
    name: 'sync',
    files: 'some',
    settings: false,
    flags: [
      { name: 'dry-run', about: 'say what would change, change nothing' },
      JSON_OUTPUT,
      ...GATEWAY,
    ],
    usage: 'gibbon sync FILE…',
    about: 'make a gateway be as the files say: create, update, and delete what they lack',
    lesson: `${SYNC_LESSON}

A gibbon takes all changes as one commit: all of them or none. A Kong takes them one by one,
in an order in which each finds what it refers to.

  gibbon diff kong.yaml                     look first
  gibbon sync kong.yaml
  gibbon sync team.yaml --select-tag team   leave what others made alone`,
  },
  {
    name: 'diff',
    files: 'some',
    settings: false,
    flags: [
      { name: 'non-zero-exit-code', about: 'exit with 2 when something would change' },
      JSON_OUTPUT,
      ...GATEWAY,
    ],
    usage: 'gibbon diff FILE…',
    about: 'say what `sync` would change; change nothing',
    lesson: `${SYNC_LESSON}

Exits with 0, or with 1 when the files or the gateway cannot be read.

  gibbon diff kong.yaml --non-zero-exit-code   0: the same, 2: different, 1: cannot tell`,
  },
  {
    name: 'dump',
    files: 'none',
    settings: false,
    flags: [
      {
        name: 'output',
        short: 'o',
        value: 'FILE',
        about: 'write there, readable by you alone; standard output unless said otherwise',
      },
      ...GATEWAY,
    ],
    usage: 'gibbon dump [-o FILE]',
    about: 'write what a gateway has as a file for `sync`',
    lesson: `The file has every credential and private key in it, and syncs back without a change.

  gibbon dump -o kong.yaml
  gibbon dump --kong-addr http://10.0.0.5:8001 | gibbon sync -   from a Kong to a gibbon here`,
  },
  {
    name: 'simulate',
    files: 'one',
    settings: false,
    flags: [
      { name: 'out', value: 'FILE', about: 'draw a chart there, as SVG' },
      { name: 'json', about: 'print one JSON document, with the figures of every target' },
    ],
    usage: 'gibbon simulate FILE [--out chart.svg]',
    about: 'try the balancing algorithms on a load of your making, in simulated time',
    lesson: `FILE describes targets (latency, capacity, what goes wrong with them and when) and a load. The
gateway's own balancer, health checks and retries meet it, once for each algorithm; the same
file gives the same figures. docs/balancer-lab.md tells all that it may say.

  gibbon simulate slow-target.yaml
  gibbon simulate slow-target.yaml --out chart.svg`,
  },
  {
    name: 'explain',
    files: 'one',
    takes: 'a URL',
    settings: false,
    flags: [
      { name: 'request', short: 'X', value: 'METHOD', about: 'GET unless said otherwise' },
      {
        name: 'header',
        short: 'H',
        value: 'NAME:VALUE',
        repeatable: true,
        about: 'a header of the request',
      },
      { name: 'json', about: 'print all there is to know as JSON' },
      ...ADDRESS,
    ],
    usage: 'gibbon explain URL',
    about: 'say what would become of a request: route, plugins, target, and why',
    lesson: `Nothing is sent to any target. Exits with 0 when a route takes the request, 1 when none does.

  gibbon explain localhost:8000/mock
  gibbon explain https://api.example.com/users -X POST -H 'X-Version: 2'`,
  },
  {
    name: 'plugins',
    files: 'none',
    settings: false,
    flags: [],
    usage: 'gibbon plugins',
    about: 'the bundled plugins, in the order they run, and what they do',
    lesson: `A plugin that cannot run on this runtime is refused when it is configured, unless the setting
unimplemented_plugins is "ignore": then it is kept, and does nothing.`,
  },
  {
    name: 'settings',
    files: 'none',
    settings: false,
    flags: [],
    usage: 'gibbon settings',
    about: 'every setting, its default and what it does',
    lesson: `Each can be a flag of \`gibbon start\`, an environment variable or a line of a kong.conf.`,
  },
  {
    name: 'version',
    files: 'none',
    settings: false,
    flags: [],
    usage: 'gibbon version',
    about: 'which version this is',
    lesson: `Also as --version.`,
  },
  {
    name: 'help',
    files: 'at most one',
    settings: false,
    flags: [],
    usage: 'gibbon help [COMMAND]',
    about: 'more about a command; also as --help after it',
    lesson: `  gibbon help sync`,
  },
]
