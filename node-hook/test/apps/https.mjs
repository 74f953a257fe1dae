import https from 'node:https';
import { clientSide, serverSide } from './psk.mjs';

https.createServer(serverSide, ({ socket }, response) => response.end(`${socket.remoteAddress} ${socket.localPort}`)).listen(6443, () => {
  https.get('https://localhost:6443/', clientSide, async response => {
    for await (const text of response) console.log(JSON.stringify({ own: String(text) }));
  });
});
