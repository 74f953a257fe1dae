import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { ClientsModule, Transport } from '@nestjs/microservices';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { fileURLToPath } from 'node:url';
import { listenOn, port, setting } from '../settings.js';
import { Stats, StatsController } from '../stats.js';
import { CartsController, Carts } from './carts.js';
import { Catalog, CatalogController } from './catalog.js';
import { Notifier } from './notifier.js';
import { OrdersController } from './orders.js';
import { ProbesController } from './probes.js';
import { SayWhatFailed } from './say-what-failed.js';

const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

@Module({
  imports: [
    ClientsModule.register([
      {
        name: 'CART',
        transport: Transport.TCP,
        options: { host: setting('CART_HOST', 'cart'), port: Number(setting('CART_PORT', '4000')) },
      },
      {
        name: 'PAYMENT',
        transport: Transport.GRPC,
        options: {
          url: setting('PAYMENT_URL', 'payment:5000'),
          package: 'shop.payment',
          protoPath: file('proto/payment.proto'),
        },
      },
    ]),
  ],
  controllers: [CatalogController, CartsController, OrdersController, ProbesController, StatsController],
  providers: [
    Catalog,
    Carts,
    Notifier,
    { provide: Stats, useValue: new Stats('web') },
    { provide: APP_FILTER, useClass: SayWhatFailed },
  ],
})
class WebModule {}

const app = await NestFactory.create<NestExpressApplication>(WebModule);
app.enableShutdownHooks();
app.use(app.get(Stats).countRequest);
app.useStaticAssets(file('public'));
await app.listen(port(3000), listenOn);
console.log(`web listens on ${port(3000)}`);
