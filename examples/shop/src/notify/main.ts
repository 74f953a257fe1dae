import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { WsAdapter } from '@nestjs/platform-ws';
import { listenOn, port } from '../settings.js';
import { Stats, StatsController } from '../stats.js';
import { OrderGateway } from './orders.js';

@Module({
  controllers: [StatsController],
  providers: [OrderGateway, { provide: Stats, useValue: new Stats('notify') }],
})
class NotifyModule {}

const app = await NestFactory.create<NestExpressApplication>(NotifyModule);
app.enableShutdownHooks();
app.useWebSocketAdapter(new WsAdapter(app));
app.use(app.get(Stats).countRequest);
await app.listen(port(3001), listenOn);
console.log(`notify listens on ${port(3001)}`);
