import { connect } from 'node:net';

// node dist/healthcheck.js http://127.0.0.1:3000/health   or   tcp://127.0.0.1:4000
const url = new URL(process.argv[2]);

if (url.protocol === 'tcp:') {
  const socket = connect(Number(url.port), url.hostname);
  socket.on('connect', () => process.exit(0)).on('error', () => process.exit(1));
} else {
  const healthy = await fetch(url).then((answer) => answer.ok, () => false);
  process.exit(healthy ? 0 : 1);
}
