// A real Nest TCP server: node nest-server.mjs FOLDER, where FOLDER holds node_modules. The first line of its input is a JSON
// list of patterns; each becomes a handler of its own that answers with its number and its data. It says "PORT n" when it
// listens, and ends with its input.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const require = createRequire(process.argv[2] + '/package.json');
const load = (name) => import(pathToFileURL(require.resolve(name)));
await load('reflect-metadata');
const { Controller, Module, Logger } = await load('@nestjs/common');
const { NestFactory } = await load('@nestjs/core');
const { MessagePattern, EventPattern, Transport } = await load('@nestjs/microservices');

const lines = createInterface({ input: process.stdin });
const patterns = JSON.parse((await lines[Symbol.asyncIterator]().next()).value);
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();

class Handlers {}
let seen = [];
const handle = (name, decorate, body) => {
  Object.defineProperty(Handlers.prototype, name, { value: body, writable: true, configurable: true });
  decorate(Handlers.prototype, name, Object.getOwnPropertyDescriptor(Handlers.prototype, name));
};
patterns.forEach((pattern, number) =>
  handle(`h${number}`, MessagePattern(pattern), (data) => {
    seen.push({ handler: number, data });
    return { handler: number, data };
  }),
);
handle('told', EventPattern('told'), (data) => void seen.push({ handler: 'told', data }));
handle('seen', MessagePattern('what was seen'), () => {
  const all = seen;
  seen = [];
  return all;
});
Controller()(Handlers);
class Root {}
Module({ controllers: [Handlers] })(Root);

const app = await NestFactory.createMicroservice(Root, {
  transport: Transport.TCP,
  options: { host: '127.0.0.1', port: 0 },
  logger: false,
});
await app.listen();
console.log(`PORT ${app.unwrap().address().port}`);
