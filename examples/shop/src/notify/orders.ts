import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { OnGatewayConnection, OnGatewayDisconnect } from '@nestjs/websockets';
import { WebSocket } from 'ws';
import { Stats } from '../stats.js';

/** A step in an order's life, as the shop tells it. */
interface Update {
  order: string;
  status: string;
  text: string;
}

const MOST_ORDERS = 1_000;
const MOST_UPDATES_OF_ONE = 20;

/** Publishers send `publish`; whoever sent `watch` hears what was published of that order (or of all), and what will be. */
@WebSocketGateway()
export class OrderGateway implements OnGatewayConnection, OnGatewayDisconnect {
  private readonly history = new Map<string, Update[]>();
  private readonly watching = new Map<WebSocket, string | undefined>();

  constructor(private readonly stats: Stats) {}

  handleConnection() {
    this.stats.count('websocket connected');
  }

  handleDisconnect(socket: WebSocket) {
    this.watching.delete(socket);
    this.stats.count('websocket disconnected');
  }

  @SubscribeMessage('watch')
  watch(@ConnectedSocket() socket: WebSocket, @MessageBody() wanted?: { order?: string }) {
    this.stats.count('websocket watch');
    this.watching.set(socket, wanted?.order);
    const past = wanted?.order ? this.history.get(wanted.order) : [...this.history.values()].flat();
    past?.forEach((update) => send(socket, update));
  }

  @SubscribeMessage('publish')
  publish(@MessageBody() update: Update) {
    this.stats.count('websocket publish');
    const past = this.history.get(update.order) ?? [];
    this.history.set(update.order, [...past, update].slice(-MOST_UPDATES_OF_ONE));
    if (this.history.size > MOST_ORDERS) this.history.delete(this.history.keys().next().value!);
    for (const [socket, order] of this.watching) {
      if (!order || order === update.order) send(socket, update);
    }
  }
}

const send = (socket: WebSocket, update: Update) => {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ event: 'update', data: update }));
};
