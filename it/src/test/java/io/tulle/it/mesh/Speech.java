package io.tulle.it.mesh;

import io.tulle.model.Protocol;

/**
 * A protocol as two Node programs speak it: a server that says its version, and a caller that asks for it.
 *
 * @param server defines {@code s}, which does not listen yet, and {@code leave}, which closes it as a well-behaved application does: it
 *     takes nothing new, answers what it has, and ends
 * @param leaves whether the protocol lets a server end connections that are in use without losing what arrives at that moment
 * @param ask defines {@code ask(say)}, which calls {@code say} with the version, or with what went wrong
 */
record Speech(Protocol protocol, String server, boolean leaves, String ask) {
    /** Cuts a connection's bytes into Nest's frames. */
    private static final String FRAMES = """
            const frames = (c, each) => { let all = ''; c.on('data', d => { all += d; for (;;) {
              const mark = all.indexOf('#'), end = mark + 1 + Number(all.slice(0, mark));
              if (mark < 0 || all.length < end) return;
              const message = JSON.parse(all.slice(mark + 1, end)); all = all.slice(end); each(message); } }) };
            const frame = message => { const text = JSON.stringify(message); return text.length + '#' + text };
            """;

    static final Speech HTTP = new Speech(
            Protocol.HTTP,
            """
            const s = require('http').createServer((q, r) => { r.end(process.env.VERSION);
              r.on('close', () => s.listening || setImmediate(() => s.closeIdleConnections())) });
            const leave = () => s.close(() => process.exit());
            """,
            true,
            "const ask = say => fetch('http://NAME:PORT').then(a => a.text()).then(say, e => say(e.cause || e));");

    static final Speech GRPC = new Speech(Protocol.GRPC, """
            const s = require('http2').createServer(), sessions = new Set();
            s.on('session', x => { sessions.add(x); x.on('close', () => sessions.delete(x)) });
            s.on('stream', t => { t.on('error', () => {});
              t.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
              t.on('wantTrailers', () => t.sendTrailers({ 'grpc-status': '0' }));
              t.end(Buffer.concat([Buffer.from([0, 0, 0, 0, 2]), Buffer.from(process.env.VERSION)])) });
            const leave = () => { s.close(() => process.exit()); sessions.forEach(x => x.close()) };
            """, true, """
            const h = require('http2').connect('http://NAME:PORT');
            const ask = say => { let said = '', wrong = ''; const t = h.request({ ':method': 'POST', ':path': '/who.Who/Ask',
                te: 'trailers', 'content-type': 'application/grpc' });
              const hear = x => { if (x['grpc-status'] > 0) wrong = x['grpc-status'] + ' ' + x['grpc-message'] };
              t.on('response', hear); t.on('trailers', hear); t.on('data', d => said += d); t.on('error', e => wrong = e);
              t.on('close', () => say(wrong || said.slice(5))); t.end(Buffer.from([0, 0, 0, 0, 0])) };
            """);

    /** Who ends a connection of Nest's cannot tell whether a call is on its way: so does Nest itself. */
    static final Speech NEST_TCP = new Speech(Protocol.NEST_TCP, FRAMES + """
            const s = require('net').createServer(c => { c.on('error', () => {});
              frames(c, ({ id }) => c.write(frame({ response: process.env.VERSION, isDisposed: true, id }))) });
            const leave = () => {};
            """, false, FRAMES + """
            const calls = new Map(); let ids = 0;
            const c = require('net').connect(PORT, 'NAME');
            frames(c, a => { const say = calls.get(a.id); calls.delete(a.id); say(a.response || JSON.stringify(a)) });
            c.on('close', () => calls.forEach(say => say('closed')));
            const ask = say => { const id = String(++ids); calls.set(id, say); c.write(frame({ pattern: 'who', data: '', id })) };
            """);

    static final Speech TCP = new Speech(Protocol.TCP, """
            const s = require('net').createServer(c => { c.on('error', () => {}); c.end(process.env.VERSION) });
            const leave = () => s.close(() => process.exit());
            """, true, """
            const ask = say => { let said = ''; require('net').connect(PORT, 'NAME').on('data', d => said += d)
              .on('error', e => said = e).on('close', () => say(said)) };
            """);

    /** Listens, stops to listen, ends and leaves as it is told at a Unix socket, and says when it has done so. */
    private static final String OBEY = """
            const orders = process.env.ORDERS; require('fs').rmSync(orders, { force: true });
            const desk = require('net').createServer(c => c.on('data', d => { const done = () => c.end('done'); ({
              open: () => s.listen(Number(process.env.PORT), done),
              close: () => { s.close(); done() },
              end: () => desk.close() && c.end('done', () => process.exit()),
              leave: () => { desk.close(); c.end('done', leave) } })[d]() })).listen(orders);
            """;

    private static final String LISTEN = "s.listen(Number(process.env.PORT));";

    /**
     * Eight who ask again and again, from the first {@code /N} on, which is answered once each of them has asked N times more. They
     * hold from {@code /hold}, which is answered when nothing is on its way any more, to {@code /go}.
     */
    private static final String CALLER = """
            const counts = { v1: 0, v2: 0, failed: 0 }, wrong = [], asked = Array(8).fill(0); let waiting = [], begun = false;
            let held, parked = [];
            const go = i => { if (held) return void (parked.push(i) === 8 && held());
              let once = said => { once = () => {}; asked[i]++;
                if (said in counts) counts[said]++; else { counts.failed++; if (wrong.length < 5) wrong.push(String(said)) }
                waiting = waiting.filter(each => each());
                setImmediate(go, i) };
              ask(said => once(said)) };
            require('http').createServer((q, r) => {
              if (q.url === '/hold') return void (held = () => r.end('held'));
              if (q.url === '/go') { held = undefined; parked.splice(0).forEach(go); return r.end('gone') }
              const n = Number(q.url.slice(1));
              if (n === 0) return ask(said => r.end(String(said)));
              const wanted = asked.map(each => each + n);
              waiting.push(() => { if (asked.some((each, i) => each < wanted[i])) return true;
                r.end([counts.v1, counts.v2, counts.failed, wrong.join('; ')].join(' ')) });
              if (!begun) { begun = true; asked.forEach((_, i) => go(i)) }
            }).listen(3000);
            """;

    String serverThatListens() {
        return server + LISTEN;
    }

    String serverThatObeys() {
        return server + OBEY;
    }

    String caller(String name, int port) {
        return ask.replace("NAME", name).replace("PORT", Integer.toString(port)) + CALLER;
    }

    @Override
    public String toString() {
        return protocol.written();
    }
}
