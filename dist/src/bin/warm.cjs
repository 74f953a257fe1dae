// What bin/warm runs in the mesh: a service that asks itself through its sidecar, over HTTP/1.1, Nest TCP and gRPC, for some seconds, so that
// the recording knows how the sidecar's code is used and not only which classes it has.
const http = require('http')
const http2 = require('http2')
const net = require('net')

const SECONDS = 6
const until = Date.now() + SECONDS * 1000
const answered = { http: 0, nest: 0, grpc: 0 }
const body = Buffer.alloc(600, 'x')

const listen = (server, port) => new Promise((done) => server.listen(port, done))

const whole = (stream) =>
  new Promise((done) => stream.on('data', () => {}).on('end', done).on('error', done).on('close', done))

async function overHttp(agent) {
  while (Date.now() < until) {
    await new Promise((done) => {
      const ask = http.request({ host: 'warm', port: 9999, path: '/items/1?q=2', agent, method: 'GET' }, (answer) =>
        whole(answer).then(() => { answered.http++; done() }))
      ask.on('error', done)
      ask.end()
    })
  }
}

const frame = (message) => {
  const text = JSON.stringify(message)
  return `${text.length}#${text}`
}

/** Whole frames of Nest's TCP transport, one after the other; all characters here are ASCII. */
function frames(socket, take) {
  let rest = ''
  socket.setEncoding('latin1').on('data', (more) => {
    rest += more
    for (let cut = rest.indexOf('#'); cut > 0; cut = rest.indexOf('#')) {
      const end = cut + 1 + Number(rest.slice(0, cut))
      if (rest.length < end) return
      take(JSON.parse(rest.slice(cut + 1, end)))
      rest = rest.slice(end)
    }
  })
  socket.on('error', () => {})
}

function overNestTcp() {
  return new Promise((done) => {
    let id = 0
    const socket = net.connect(9998, 'warm')
    const ask = () => socket.write(frame({ pattern: { cmd: 'warm' }, data: { n: id }, id: String(id++) }))
    frames(socket, () => { answered.nest++; Date.now() < until ? ask() : socket.end() })
    socket.on('connect', () => { for (let i = 0; i < 4; i++) ask() })
    socket.on('close', done)
    setTimeout(() => socket.destroy(), SECONDS * 1000 + 500).unref()
  })
}

async function overGrpc() {
  const session = http2.connect('http://warm:9997')
  session.on('error', () => {})
  while (Date.now() < until && !session.destroyed) {
    const call = session.request({
      ':method': 'POST', ':path': '/warm.Warm/Say', 'content-type': 'application/grpc', te: 'trailers',
    })
    call.end(Buffer.from([0, 0, 0, 0, 0]))
    await whole(call)
    answered.grpc++
  }
  session.destroy()
}

async function main() {
  await listen(http.createServer((_, answer) => answer.end(body)), 9999)
  await listen(net.createServer((socket) => frames(socket, (asked) =>
    socket.write(frame({ response: asked.data, isDisposed: true, id: asked.id })))), 9998)
  const grpc = http2.createServer()
  grpc.on('stream', (stream) => {
    stream.on('error', () => {})
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.end(Buffer.from([0, 0, 0, 0, 0]))
  })
  await listen(grpc, 9997)
  const kept = new http.Agent({ keepAlive: true })
  const fresh = new http.Agent({ keepAlive: false })
  await Promise.all([kept, kept, kept, fresh].map(overHttp).concat(overNestTcp(), overNestTcp(), overGrpc(), overGrpc()))
  console.log('warm:', JSON.stringify(answered))
  process.exit(0)
}

main()
