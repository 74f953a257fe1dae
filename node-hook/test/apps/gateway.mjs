// An HTTP server on 3001 whose paths name the client with which it calls on; it knows nothing of traces. Each answers with what
// the called service saw. Calls begin together, once as many are here as `together` says.
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import axios from 'axios';
import http from 'node:http';
import { firstValueFrom, mergeMap } from 'rxjs';
import { request as undici } from 'undici';
import { fileURLToPath } from 'node:url';

const CATALOG = 'http://catalog:3000/';
const seen = () => fetch(CATALOG).then(response => response.json());
const { shop } = grpc.loadPackageDefinition(loadSync(fileURLToPath(new URL('payment.proto', import.meta.url))));
const payment = new shop.Payment('payment:5000', grpc.credentials.createInsecure());
const cart = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: 'cart', port: 4000 } });
const httpGet = options => new Promise((done, failed) => http.get(CATALOG, options, async response => {
  let text = '';
  for await (const chunk of response) text += chunk;
  done(JSON.parse(text));
}).on('error', failed));

const clients = {
  fetch: seen,
  axios: async () => (await axios.get(CATALOG)).data,
  http: () => httpGet({}),
  'http with headers as a list': () => httpGet({ headers: ['Host', 'catalog', 'X-Own', '1'] }),
  'http over one connection': () => httpGet({ agent: one }),
  undici: async () => (await undici(CATALOG)).body.json(),
  'own trace': () => httpGet({ headers: { traceparent: 'mine', 'x-request-id': 'mine' } }),
  elsewhere: () => fetch(process.env.ELSEWHERE).then(response => response.json()),
  // What follows a reply, in the callback itself and without a promise, belongs to the same call.
  nest: () => firstValueFrom(cart.send('sum', 'é').pipe(mergeMap(async sent => ({ sent, after: await seen() })))),
  'nest, own metadata': () => firstValueFrom(cart.send({ cmd: 'x' }, '"metadata"')).then(sent => ({ sent })),
  grpc: () => new Promise((done, failed) => payment.pay({ id: 'x' }, shared, async (error, receipt) => (error ? failed(error) : done({ receipt, after: await seen() })))),
  body: async request => {
    let text = '';
    request.setEncoding('utf8').on('data', chunk => (text += chunk));
    return new Promise(done => request.on('end', async () => done({ text, ...(await seen()) })));
  },
};
const one = new http.Agent({ maxSockets: 1, keepAlive: true });
const shared = new grpc.Metadata();

let waiting = [];
http.createServer(async (request, response) => {
  const url = new URL(request.url, 'http://x');
  await new Promise(go => {
    waiting.push(go);
    if (waiting.length < Number(url.searchParams.get('together') ?? 1)) return;
    for (const each of waiting) each();
    waiting = [];
  });
  const answer = await clients[decodeURIComponent(url.pathname.slice(1))](request).catch(error => ({ error: String(error.stack) }));
  response.end(JSON.stringify(answer));
}).listen(3001);
