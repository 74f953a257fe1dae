import 'reflect-metadata';
import { Metadata, status, type ServerWritableStream } from '@grpc/grpc-js';
import { Controller, Module } from '@nestjs/common';
import { APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import { GrpcMethod, GrpcStreamMethod, RpcException, Transport } from '@nestjs/microservices';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { concatMap, interval, map, reduce, take, tap, type Observable } from 'rxjs';
import { instance, listenOn, port, setting } from '../settings.js';
import { CountMessages, Stats } from '../stats.js';

interface ChargeRequest {
  order: string;
  amount: number;
  note: string;
}

const ledger = setting('LEDGER_URL', 'http://ledger:8080');
const LIMIT = 1_000_000;
const STEPS = ['received', 'checked', 'reserved', 'captured', 'booked'];

const trailers = (entries: Record<string, string>) => {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(entries)) metadata.set(name, value);
  return metadata;
};

const unavailable = (message: string) => new RpcException({ code: status.UNAVAILABLE, message });

@Controller()
class PaymentController {
  constructor(private readonly stats: Stats) {}

  @GrpcMethod('Payments', 'Charge')
  async charge(request: ChargeRequest) {
    if (request.amount > LIMIT) {
      const metadata = trailers({ 'decline-reason': 'limit', instance });
      throw new RpcException({ code: status.FAILED_PRECONDITION, message: 'the card was declined', metadata });
    }
    if (request.order) await this.book(request);
    return { ...request, id: randomUUID(), instance };
  }

  @GrpcMethod('Payments', 'Progress')
  progress(_: { order: string }, __: Metadata, call: ServerWritableStream<unknown, unknown>) {
    return interval(10).pipe(
      take(STEPS.length),
      map((index) => ({ number: index + 1, name: STEPS[index] })),
      // Nest ends the call without trailers, so it is ended here, with them.
      tap({ complete: () => call.end(trailers({ instance, steps: String(STEPS.length) })) }),
    );
  }

  @GrpcStreamMethod('Payments', 'ChargeEach')
  chargeEach(requests: Observable<ChargeRequest>) {
    return requests.pipe(concatMap((request) => this.charge(request)));
  }

  @GrpcStreamMethod('Payments', 'Quote')
  quote(requests: Observable<ChargeRequest>) {
    const nothing = { charges: 0, amount: 0, instance };
    return requests.pipe(
      reduce((sum, { amount }) => ({ ...sum, charges: sum.charges + 1, amount: sum.amount + amount }), nothing),
    );
  }

  @GrpcMethod('Payments', 'Stats')
  report() {
    return { instance, json: JSON.stringify(this.stats.report()) };
  }

  private async book({ order, amount, note }: ChargeRequest) {
    const entry = new URLSearchParams({ order, amount: String(amount), note });
    const answer = await fetch(`${ledger}/entries`, { method: 'POST', body: entry }).catch((error: Error) => {
      throw unavailable(`the ledger could not be asked: ${(error.cause as Error)?.message ?? error.message}`);
    });
    const said = await answer.text();
    if (!answer.ok) throw unavailable(`the ledger said ${answer.status}: ${said}`);
  }
}

@Module({
  controllers: [PaymentController],
  providers: [
    { provide: Stats, useValue: new Stats('payment') },
    { provide: APP_INTERCEPTOR, useClass: CountMessages },
  ],
})
class PaymentModule {}

const app = await NestFactory.createMicroservice<MicroserviceOptions>(PaymentModule, {
  transport: Transport.GRPC,
  options: {
    url: `${listenOn}:${port(5000)}`,
    package: 'shop.payment',
    protoPath: fileURLToPath(new URL('../../proto/payment.proto', import.meta.url)),
  },
});
app.enableShutdownHooks();
await app.listen();
console.log(`payment listens on ${port(5000)}`);
