import net from 'node:net';
import { Worker, isMainThread } from 'node:worker_threads';

if (isMainThread) new Worker(new URL(import.meta.url));
else net.createServer(socket => socket.end(socket.remoteAddress)).listen(4000);
