import { BadRequestException, Body, Controller, Get, HttpException, Inject, Param, Post, Sse } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { status } from '@grpc/grpc-js';
import type { ClientGrpc } from '@nestjs/microservices';
import { randomUUID } from 'node:crypto';
import { firstValueFrom } from 'rxjs';
import { setting } from '../settings.js';
import { Carts } from './carts.js';
import { Notifier } from './notifier.js';
import type { Payments, Receipt } from './payments.js';
import { wordsOf } from './say-what-failed.js';

@Controller('api')
export class OrdersController implements OnModuleInit {
  private readonly ledger = setting('LEDGER_URL', 'http://ledger:8080');
  private payments!: Payments;

  constructor(
    private readonly carts: Carts,
    private readonly notifier: Notifier,
    @Inject('PAYMENT') private readonly payment: ClientGrpc,
  ) {}

  onModuleInit() {
    this.payments = this.payment.getService<Payments>('Payments');
  }

  /** Cart → payment, which writes into the ledger; the visitor hears of each step. */
  @Post('orders')
  async order(@Body() wanted: { cart: string }) {
    const cart = await this.carts.look(wanted.cart);
    if (cart.lines.length === 0) throw new BadRequestException('the cart is empty');

    const order = randomUUID();
    const note = cart.lines.map(({ quantity, name }) => `${quantity} × ${name}`).join(', ');
    await this.notifier.publish({ order, status: 'placed', text: note });
    const receipt = await this.pay(order, cart.total, note);
    await this.notifier.publish({ order, status: 'paid', text: `receipt ${receipt.id}` });
    await this.carts.clear(wanted.cart);
    await this.notifier.publish({ order, status: 'ready', text: 'your order is ready 🎉' });
    const served = { cart: cart.instance, payment: receipt.instance };
    return { order, total: cart.total, note, receipt: receipt.id, served };
  }

  @Sse('orders/:order/events')
  events(@Param('order') order: string) {
    return this.notifier.updatesOf(order);
  }

  @Get('book')
  async book() {
    const answer = await fetch(`${this.ledger}/book`);
    if (!answer.ok) throw new Error(`ledger: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  private async pay(order: string, amount: number, note: string): Promise<Receipt> {
    try {
      return await firstValueFrom(this.payments.charge({ order, amount, note }));
    } catch (error) {
      await this.notifier.publish({ order, status: 'failed', text: wordsOf(error) });
      const declined = (error as { code?: number }).code === status.FAILED_PRECONDITION;
      throw declined ? new HttpException(wordsOf(error), 402) : error;
    }
  }
}
