import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import { EventPattern, MessagePattern, Payload, RpcException, Transport } from '@nestjs/microservices';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { setTimeout as wait } from 'node:timers/promises';
import { interval, map, take } from 'rxjs';
import { instance, listenOn, port } from '../settings.js';
import { CountMessages, Stats } from '../stats.js';

/** One line of a cart; the price is in cents. */
interface Line {
  product: string;
  name: string;
  price: number;
  quantity: number;
}

const MOST_OF_ONE_PRODUCT = 20;
const LONGEST_WAIT_MS = 60_000;

const priced = (lines: Line[]) => ({
  lines,
  total: lines.reduce((sum, line) => sum + line.price * line.quantity, 0),
  instance,
});

/** The rules of a cart. It keeps none: the lines travel with each message, so that any replica may answer any of them. */
@Controller()
class CartController {
  private views = 0;

  constructor(private readonly stats: Stats) {}

  @MessagePattern({ cmd: 'add' })
  add(@Payload() { lines = [], line }: { lines?: Line[]; line: Line }) {
    const at = lines.findIndex(({ product }) => product === line.product);
    const quantity = line.quantity + (lines[at]?.quantity ?? 0);
    if (!(line.quantity >= 1)) throw new RpcException('a quantity of one or more');
    if (quantity > MOST_OF_ONE_PRODUCT) throw new RpcException(`at most ${MOST_OF_ONE_PRODUCT} × ${line.name}`);
    const changed = { ...line, quantity };
    return priced(at < 0 ? [...lines, changed] : lines.with(at, changed));
  }

  @MessagePattern({ cmd: 'get' })
  look(@Payload() { lines = [] }: { lines?: Line[] }) {
    return priced(lines);
  }

  @MessagePattern({ cmd: 'admin.clear' })
  adminClear() {
    return priced([]);
  }

  @MessagePattern('ping')
  ping() {
    return { pong: '🏓', instance };
  }

  @MessagePattern({ cmd: 'slow' })
  async slow(@Payload() { ms }: { ms: number }) {
    await wait(Math.min(ms, LONGEST_WAIT_MS));
    return { ms, instance };
  }

  /** One request, many replies: the cart as it is now, `count` times, one every `ms`. */
  @MessagePattern({ cmd: 'watch' })
  watch(@Payload() { lines = [], count = 5, ms = 20 }: { lines?: Line[]; count?: number; ms?: number }) {
    return interval(ms).pipe(
      take(count),
      map((tick) => ({ ...priced(lines), tick })),
    );
  }

  /** An event: nobody waits for an answer. */
  @EventPattern('cart.viewed')
  viewed(@Payload() _cart: { cart: string }) {
    this.views++;
  }

  @MessagePattern({ cmd: 'stats' })
  report() {
    return { ...this.stats.report(), views: this.views };
  }
}

@Module({
  controllers: [CartController],
  providers: [
    { provide: Stats, useValue: new Stats('cart') },
    { provide: APP_INTERCEPTOR, useClass: CountMessages },
  ],
})
class CartModule {}

const app = await NestFactory.createMicroservice<MicroserviceOptions>(CartModule, {
  transport: Transport.TCP,
  options: { host: listenOn, port: port(4000) },
});
app.enableShutdownHooks();
await app.listen();
console.log(`cart listens on ${port(4000)}`);
