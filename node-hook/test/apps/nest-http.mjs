import 'reflect-metadata';
import { Controller, Get, Module, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { declare } from './declare.mjs';

class Ip {
  ip(request) {
    return { ip: request.ip, port: request.socket.remotePort, local: request.socket.localPort };
  }
}
declare(Ip, Controller(), { ip: [Get('/ip'), { 0: Req() }] });
class App {}
Module({ controllers: [Ip] })(App);

const adapter = process.argv[2] === 'fastify' ? [new (await import('@nestjs/platform-fastify')).FastifyAdapter()] : [];
const app = await NestFactory.create(App, ...adapter, { logger: false });
await app.listen(3000, ...(process.argv[3] ? [process.argv[3]] : []));
console.log(JSON.stringify({ url: await app.getUrl(), address: app.getHttpServer().address() }));
