// The shop on this machine, on free ports, until Ctrl-C: no container, no mesh, a ledger in memory.
import { once } from 'node:events';
import { Fleet, openShop } from './fleet.mjs';

const fleet = new Fleet();
const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
try {
  const shop = await openShop(fleet);
  for (const [name, { url }] of Object.entries(shop)) console.log(`${name.padEnd(8)} ${url}`);
  console.log(`\nThe shop is open at ${shop.web.url} (Ctrl-C closes it)`);
  await interrupted;
} finally {
  await fleet.end();
}
