import { Controller, DefaultValuePipe, Get, Inject, ParseIntPipe, Query } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { ClientReadableStream, Metadata, StatusObject } from '@grpc/grpc-js';
import { ClientProxy, type ClientGrpc } from '@nestjs/microservices';
import { firstValueFrom, type Observable } from 'rxjs';
import type { Payments } from './payments.js';
import { wordsOf } from './say-what-failed.js';

const number = (usual: number) => [new DefaultValuePipe(usual), ParseIntPipe] as const;
const MOST_CALLS = 10_000;

interface RawPayments {
  Progress(request: { order: string }): ClientReadableStream<{ number: number; name: string }>;
}

/** Small loads from here, over the same connections that orders take: how many calls, answered by whom, which errors. */
@Controller('api')
export class ProbesController implements OnModuleInit {
  private payments!: Payments;

  constructor(
    @Inject('CART') private readonly cart: ClientProxy,
    @Inject('PAYMENT') private readonly payment: ClientGrpc,
  ) {}

  onModuleInit() {
    this.payments = this.payment.getService<Payments>('Payments');
  }

  @Get('ping-cart')
  pingCart(@Query('n', ...number(1)) n: number) {
    return tally(n, () => this.cart.send('ping', {}));
  }

  @Get('cart-slow')
  cartSlow(@Query('ms', ...number(1000)) ms: number, @Query('n', ...number(1)) n: number) {
    return tally(n, () => this.cart.send({ cmd: 'slow' }, { ms }));
  }

  @Get('cart-watch')
  async cartWatch(@Query('count', ...number(5)) count: number) {
    const seen: unknown[] = [];
    await this.cart.send({ cmd: 'watch' }, { count }).forEach((reply) => seen.push(reply));
    return seen;
  }

  @Get('charge')
  charge(@Query('n', ...number(1)) n: number) {
    return tally(n, () => this.payments.charge({ amount: 100 }));
  }

  /** The streamed steps of a payment, and the trailers that came after them. */
  @Get('progress')
  progress(@Query('order') order = '') {
    const call = this.payment.getClientByServiceName<RawPayments>('Payments').Progress({ order });
    const steps: unknown[] = [];
    const trailers = (metadata: Metadata) => metadata.getMap();
    return new Promise((resolve, reject) => {
      call.on('data', (step) => steps.push(step));
      call.on('error', reject);
      call.on('status', (end: StatusObject) => resolve({ steps, status: end.code, trailers: trailers(end.metadata) }));
    });
  }
}

/** Makes `n` calls at once and counts the answers by replica and the errors by their words. */
async function tally(n: number, call: () => Observable<{ instance: string }>) {
  const byInstance: Record<string, number> = {};
  const errors: Record<string, number> = {};
  const one = async () => {
    try {
      const { instance } = await firstValueFrom(call());
      byInstance[instance] = (byInstance[instance] ?? 0) + 1;
    } catch (error) {
      errors[wordsOf(error)] = (errors[wordsOf(error)] ?? 0) + 1;
    }
  };
  const calls = Math.min(Math.max(n, 0), MOST_CALLS);
  await Promise.all(Array.from({ length: calls }, one));
  return { calls, byInstance, errors };
}
