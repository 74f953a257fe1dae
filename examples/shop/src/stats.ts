import { Controller, Get, Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { instance } from './settings.js';

const MOST_NAMES = 500;
const MOST_REQUEST_IDS = 100_000;

/**
 * Counts what arrived, by "GET /products" or by a message's pattern; never what was in it.
 * A first attempt is a request whose `x-request-id` was not seen before under that name, or that has none.
 */
export class Stats {
  private readonly counts = new Map<string, { requests: number; firstAttempts: number }>();
  private readonly seen = new Set<string>();

  constructor(
    private readonly service: string,
    private readonly version = 'v1',
  ) {}

  count(name: string, requestId?: string): void {
    const key = this.counts.has(name) || this.counts.size < MOST_NAMES ? name : 'other';
    const count = this.counts.get(key) ?? { requests: 0, firstAttempts: 0 };
    this.counts.set(key, count);
    count.requests++;
    if (this.isFirst(name, requestId)) count.firstAttempts++;
  }

  /** Express and Fastify both take it with `app.use`. */
  readonly countRequest = (request: IncomingMessage & { originalUrl?: string }, _: ServerResponse, next: () => void) => {
    const path = (request.originalUrl ?? request.url ?? '/').split('?')[0];
    this.count(`${request.method} ${path}`, request.headers['x-request-id']?.toString());
    next();
  };

  report() {
    const { service, version } = this;
    return { service, version, instance, counts: Object.fromEntries(this.counts) };
  }

  private isFirst(name: string, requestId?: string): boolean {
    if (!requestId) return true;
    const key = `${name} ${requestId}`;
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    if (this.seen.size > MOST_REQUEST_IDS) this.seen.delete(this.seen.values().next().value!);
    return true;
  }
}

/** What every HTTP service answers besides its own paths. */
@Controller()
export class StatsController {
  constructor(private readonly stats: Stats) {}

  @Get('health')
  health() {
    return { status: 'ok', instance };
  }

  @Get('stats')
  report() {
    return this.stats.report();
  }
}

/** For services that speak messages: counts `{ cmd: 'add' }` as "add", the gRPC method Charge as "Charge". */
@Injectable()
export class CountMessages implements NestInterceptor {
  constructor(
    private readonly stats: Stats,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler) {
    const [pattern] = this.reflector.get('microservices:pattern', context.getHandler());
    this.stats.count(pattern.cmd ?? pattern.rpc ?? pattern);
    return next.handle();
  }
}
