/** What a user of functions has to know. */
export const functionNotes: readonly string[] = [
  'Lua is off until you ask for it: install the package `fengari` beside the gateway and set `untrusted_lua=sandbox`. Without both, and on Workers, a configuration with functions is refused.',
  'Each text is compiled once. When it gives a function, that one runs from then on, and what it remembers stays; globals are new at every run. Texts of one phase run in order until one answers.',
  'Code finds `string`, `table`, `math`, `bit`, a few of `os`, most of `kong` and what of `ngx` needs no nginx. `require` gives `cjson` and `cjson.safe`, and nothing else. Nothing waits: there are no sockets, timers or coroutines.',
  'A text has 128 KiB at most. A run ends after two million instructions, a second or 64 MiB of strings, with a 500 and a line in the log. `rewrite` runs where the plugin is global; `certificate` is refused.',
  'Bodies are read before the code runs when it names `get_raw_body`, `get_body`, `get_body_data` or `get_post_args`. A body filter makes an answer lose its `Content-Length`.',
]
