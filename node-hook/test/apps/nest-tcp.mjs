import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { declare } from './declare.mjs';

// Each answer comes after a turn of the event loop and tells the trace that an outgoing call would carry.
class Sums {
  async sum(numbers, context) {
    await new Promise(setImmediate);
    const out = await fetch('http://catalog:3000/').then(r => r.json()).catch(String);
    return { sum: numbers.reduce((a, b) => a + b, 0), remote: context.getSocketRef().netSocket.remoteAddress, out };
  }
}
declare(Sums, Controller(), { sum: [MessagePattern('sum'), { 0: Payload(), 1: Ctx() }] });
class App {}
Module({ controllers: [Sums] })(App);

const app = await NestFactory.createMicroservice(App, { transport: Transport.TCP, options: { port: 4000 }, logger: false });
await app.listen();
console.log(JSON.stringify({ up: true }));
