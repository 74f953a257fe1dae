import 'reflect-metadata';
import { Controller, Get, Module, NotFoundException, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listenOn, port, setting } from '../settings.js';
import { Stats, StatsController } from '../stats.js';
import { FaultController } from './faults.js';
import { products } from './products.js';

const version = setting('VERSION', 'v1');

/** What the two versions of the catalog say of a product: v2 adds its rating. */
const shown = ({ rating, ...product }: (typeof products)[number]) =>
  version === 'v1' ? product : { ...product, rating };

@Controller('products')
class ProductsController {
  @Get()
  list() {
    return { version, products: products.map(shown) };
  }

  @Get(':id')
  one(@Param('id') id: string) {
    const product = products.find((product) => product.id === id);
    if (!product) throw new NotFoundException('no such product');
    return { version, ...shown(product) };
  }
}

@Module({
  controllers: [ProductsController, FaultController, StatsController],
  providers: [{ provide: Stats, useValue: new Stats('catalog', version) }],
})
class CatalogModule {}

const app = await NestFactory.create<NestFastifyApplication>(CatalogModule, new FastifyAdapter());
app.enableShutdownHooks();
app.use(app.get(Stats).countRequest);
app.use((_: IncomingMessage, response: ServerResponse, next: () => void) => {
  response.setHeader('x-catalog-version', version);
  next();
});
await app.listen(port(3000), listenOn);
console.log(`catalog ${version} listens on ${port(3000)}`);
