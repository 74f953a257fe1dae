import { All, Controller, Get, HttpException, Injectable, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { setting } from '../settings.js';

export interface Product {
  id: string;
  name: string;
  price: number;
}

/** The headers of a visitor that concern the catalog; none other goes with a request. */
const PASSED_ON = ['accept', 'accept-language', 'x-user'];

@Injectable()
export class Catalog {
  private readonly address = setting('CATALOG_URL', 'http://catalog:3000');

  async product(id: string, visitor: Request): Promise<Product> {
    const answer = await this.ask('GET', `/products/${encodeURIComponent(id)}`, visitor);
    const said: any = await answer.json();
    if (!answer.ok) throw new HttpException(said, answer.status);
    return said;
  }

  /** Asks the catalog and answers the visitor with whatever it said. */
  async relay(path: string, visitor: Request, response: Response) {
    const answer = await this.ask(visitor.method, path, visitor);
    response.status(answer.status);
    for (const name of ['content-type', 'x-catalog-version', 'x-request-id']) {
      const value = answer.headers.get(name);
      if (value) response.setHeader(name, value);
    }
    response.end(Buffer.from(await answer.arrayBuffer()));
  }

  private ask(method: string, path: string, visitor: Request) {
    const headers = new Headers();
    for (const name of PASSED_ON) {
      const value = visitor.header(name);
      if (value) headers.set(name, value);
    }
    if (method === 'GET' || method === 'HEAD') return fetch(this.address + path, { method, headers });
    headers.set('content-type', 'application/json');
    return fetch(this.address + path, { method, headers, body: JSON.stringify(visitor.body ?? {}) });
  }
}

@Controller('api')
export class CatalogController {
  constructor(private readonly catalog: Catalog) {}

  @Get('products')
  products(@Req() visitor: Request, @Res() response: Response) {
    return this.catalog.relay('/products', visitor, response);
  }

  @Get('products/:id')
  product(@Param('id') id: string, @Req() visitor: Request, @Res() response: Response) {
    return this.catalog.relay(`/products/${encodeURIComponent(id)}`, visitor, response);
  }

  /** All else that the catalog offers, under its own path. */
  @All('catalog/*path')
  anything(@Req() visitor: Request, @Res() response: Response) {
    return this.catalog.relay(visitor.originalUrl.slice('/api/catalog'.length), visitor, response);
  }
}
