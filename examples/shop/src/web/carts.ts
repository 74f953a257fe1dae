import { Body, Controller, Delete, Get, Inject, Injectable, Param, Post, Req } from '@nestjs/common';
import { ClientProxy } from '@nestjs/microservices';
import type { Request } from 'express';
import { firstValueFrom } from 'rxjs';
import { Catalog } from './catalog.js';

export interface Line {
  product: string;
  name: string;
  price: number;
  quantity: number;
}

export interface Cart {
  lines: Line[];
  total: number;
  instance: string;
}

const MOST_CARTS = 10_000;

/** Remembers what each visitor has put aside; the cart service knows the rules and the sums. */
@Injectable()
export class Carts {
  private readonly lines = new Map<string, Line[]>();

  constructor(@Inject('CART') private readonly cart: ClientProxy) {}

  async look(id: string): Promise<Cart> {
    this.cart.emit('cart.viewed', { cart: id });
    return this.keep(id, { cmd: 'get' }, { lines: this.lines.get(id) });
  }

  add(id: string, line: Line): Promise<Cart> {
    return this.keep(id, { cmd: 'add' }, { lines: this.lines.get(id), line });
  }

  clear(id: string): Promise<Cart> {
    return this.keep(id, { cmd: 'admin.clear' }, {});
  }

  private async keep(id: string, pattern: object, data: object): Promise<Cart> {
    const cart = await firstValueFrom(this.cart.send<Cart>(pattern, data));
    this.lines.delete(id);
    if (cart.lines.length > 0) this.lines.set(id, cart.lines);
    if (this.lines.size > MOST_CARTS) this.lines.delete(this.lines.keys().next().value!);
    return cart;
  }
}

@Controller('api/carts/:cart')
export class CartsController {
  constructor(
    private readonly carts: Carts,
    private readonly catalog: Catalog,
  ) {}

  @Get()
  look(@Param('cart') id: string) {
    return this.carts.look(id);
  }

  @Post('items')
  async add(@Param('cart') id: string, @Body() item: { product: string; quantity?: number }, @Req() visitor: Request) {
    const { name, price } = await this.catalog.product(item.product, visitor);
    return this.carts.add(id, { product: item.product, name, price, quantity: item.quantity ?? 1 });
  }

  @Delete()
  clear(@Param('cart') id: string) {
    return this.carts.clear(id);
  }
}
