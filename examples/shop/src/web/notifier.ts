import { Injectable, Logger, type MessageEvent, type OnModuleDestroy } from '@nestjs/common';
import { once } from 'node:events';
import { Observable, Subject, takeUntil } from 'rxjs';
import { WebSocket } from 'ws';
import { setting } from '../settings.js';

export interface Update {
  order: string;
  status: string;
  text: string;
}

/** Tells `notify` of orders over one WebSocket, and hears of one order over another, as long as somebody listens. */
@Injectable()
export class Notifier implements OnModuleDestroy {
  private readonly address = setting('NOTIFY_URL', 'ws://notify:3001');
  private readonly log = new Logger(Notifier.name);
  private readonly closing = new Subject<void>();
  private socket?: Promise<WebSocket>;

  /** An order goes through even where nobody can be told of it. */
  async publish(update: Update): Promise<void> {
    try {
      const socket = await (this.socket ??= this.open());
      socket.send(JSON.stringify({ event: 'publish', data: update }));
    } catch (error) {
      this.log.warn(`order ${update.order}: nobody was told "${update.status}": ${(error as Error).message}`);
    }
  }

  updatesOf(order: string): Observable<MessageEvent> {
    return new Observable<MessageEvent>((listener) => {
      const socket = new WebSocket(this.address);
      socket.on('open', () => socket.send(JSON.stringify({ event: 'watch', data: { order } })));
      socket.on('message', (frame) => listener.next({ type: 'update', data: JSON.parse(frame.toString()).data }));
      socket.on('close', () => listener.complete());
      socket.on('error', (error) => listener.error(error));
      return () => socket.close();
    }).pipe(takeUntil(this.closing));
  }

  onModuleDestroy() {
    this.closing.next();
    this.socket?.then((socket) => socket.close()).catch(() => {});
  }

  private async open(): Promise<WebSocket> {
    const socket = new WebSocket(this.address, { handshakeTimeout: 5_000 });
    socket.on('close', () => (this.socket = undefined));
    socket.on('error', (error) => this.log.warn(error.message));
    await once(socket, 'open');
    return socket;
  }
}
