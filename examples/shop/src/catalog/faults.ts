import {
  BadRequestException,
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  ParseIntPipe,
  Post,
  Query,
  Res,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { setTimeout as wait } from 'node:timers/promises';
import { instance, setting } from '../settings.js';
import { Coin } from './coin.js';

const MOST_REQUEST_IDS = 20_000;
const LONGEST_WAIT_MS = 60_000;

/** What became of the requests to `/flaky` by one method. `requestIds` has one entry for each arrival, repeats included. */
class Flakiness {
  requests = 0;
  failed = 0;
  firstAttempts = 0;
  firstAttemptsFailed = 0;
  readonly requestIds: string[] = [];
  private readonly seen = new Set<string>();

  note(requestId: string | undefined, failed: boolean): void {
    const first = !requestId || !this.seen.has(requestId);
    if (requestId && this.requestIds.length < MOST_REQUEST_IDS) {
      this.requestIds.push(requestId);
      this.seen.add(requestId);
    }
    this.requests++;
    if (failed) this.failed++;
    if (first) this.firstAttempts++;
    if (first && failed) this.firstAttemptsFailed++;
  }

  report() {
    const { requests, failed, firstAttempts, firstAttemptsFailed, requestIds } = this;
    return { requests, failed, firstAttempts, firstAttemptsFailed, requestIds };
  }
}

/** Paths on which this service misbehaves as told, so that its callers can be tried out. */
@Controller()
export class FaultController {
  private coin = new Coin(Number(setting('FAIL_RATE', '0')), Number(setting('FAIL_SEED', '1')));
  private flakiness = { GET: new Flakiness(), POST: new Flakiness() };
  private held: (() => void)[] = [];

  @Get('flaky')
  flakyGet(@Headers('x-request-id') requestId?: string) {
    return this.toss('GET', requestId);
  }

  @Post('flaky')
  @HttpCode(200)
  flakyPost(@Headers('x-request-id') requestId?: string) {
    return this.toss('POST', requestId);
  }

  @Get('flaky/stats')
  flakyStats() {
    const { probability: failRate, seed: failSeed } = this.coin;
    const { GET, POST } = this.flakiness;
    return { instance, failRate, failSeed, GET: GET.report(), POST: POST.report() };
  }

  @Get('slow')
  async slow(@Query('ms', ParseIntPipe) ms: number) {
    await wait(Math.min(ms, LONGEST_WAIT_MS));
    return { instance, ms };
  }

  @Get('status/:code')
  status(@Param('code', ParseIntPipe) code: number, @Res({ passthrough: true }) reply: FastifyReply) {
    if (code < 200 || code > 599) throw new BadRequestException('a status from 200 to 599');
    reply.status(code);
    return { instance, statusCode: code };
  }

  /** Keeps its caller waiting until somebody posts to `/release`. */
  @Get('hold')
  async hold() {
    await new Promise<void>((release) => this.held.push(release));
    return { instance };
  }

  @Get('held')
  howManyHeld() {
    return { instance, held: this.held.length };
  }

  @Post('release')
  @HttpCode(200)
  release() {
    const released = this.held.splice(0);
    released.forEach((release) => release());
    return { instance, released: released.length };
  }

  /** A new coin, and counts from zero. */
  @Post('mode')
  @HttpCode(200)
  mode(@Body() wanted: { failRate?: number; failSeed?: number } = {}) {
    const failRate = wanted.failRate ?? this.coin.probability;
    const failSeed = wanted.failSeed ?? this.coin.seed;
    if (!(failRate >= 0 && failRate <= 1)) throw new BadRequestException('failRate is from 0 to 1');
    if (!Number.isInteger(failSeed)) throw new BadRequestException('failSeed is a whole number');
    this.coin = new Coin(failRate, failSeed);
    this.flakiness = { GET: new Flakiness(), POST: new Flakiness() };
    return { instance, failRate, failSeed };
  }

  private toss(method: 'GET' | 'POST', requestId?: string) {
    const failed = this.coin.next();
    this.flakiness[method].note(requestId, failed);
    if (failed) throw new ServiceUnavailableException('the coin said no');
    return { instance, requestId };
  }
}
