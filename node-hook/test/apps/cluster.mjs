import cluster from 'node:cluster';
import net from 'node:net';

// Two workers that ask for the same two ports in different order.
if (cluster.isPrimary) {
  cluster.fork({ ORDER: '4000,4001' });
  cluster.fork({ ORDER: '4001,4000' });
} else {
  for (const port of process.env.ORDER.split(',').map(Number)) net.createServer(socket => socket.end(`${port} ${socket.remoteAddress}`)).listen(port);
}
