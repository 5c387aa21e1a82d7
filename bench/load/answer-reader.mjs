// Finds the end of each HTTP/1.1 answer in what a socket brings, without keeping its body.

/** A function that takes chunks; `done({ status, length })` is called at each answer's end. */
export function answerReader(done) {
  let head = ''
  let status = 0
  let length = 0
  // Bytes still to come; -1 between answers, Infinity in a chunked body.
  let left = -1
  let last = ''

  const finish = () => {
    left = -1
    done({ status, length })
  }
  return function read(chunk) {
    if (left === Infinity) {
      length += chunk.length
      last = (last + chunk.latin1Slice(Math.max(0, chunk.length - 7))).slice(-7)
      if (last.endsWith('\r\n0\r\n\r\n')) finish()
      return
    }
    if (left > 0) {
      left -= chunk.length
      if (left <= 0) finish()
      return
    }
    const end = headEnd(head, chunk)
    if (end < 0) {
      head += chunk.latin1Slice(0)
      return
    }
    const words = head + chunk.latin1Slice(0, end)
    head = ''
    status = Number(words.slice(9, 12))
    const declared = /\r\ncontent-length: *(\d+)/i.exec(words)
    const rest = chunk.subarray(end)
    last = '\r\n'
    length = declared === null ? 0 : Number(declared[1])
    left = declared === null ? Infinity : length
    if (left === 0) finish()
    else if (rest.length > 0) read(rest)
  }
}

/** Where in the chunk the head that began in `before` ends, after its empty line; -1 when it does not. */
function headEnd(before, chunk) {
  if (before === '') {
    const at = chunk.indexOf('\r\n\r\n')
    return at < 0 ? -1 : at + 4
  }
  const at = (before + chunk.latin1Slice(0)).indexOf('\r\n\r\n')
  return at < 0 ? -1 : at + 4 - before.length
}
