// A client site in 30 lines of code: it sells what its storefront sells, begun from the change feed and kept level by signed webhooks.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";

const { WEBHOOK_SECRET, FEED, KEY, PORT } = process.env;
const held = new Map();

function apply(changes) {
  for (const change of changes) // of each product what has the greatest sequence wins; a removal's is kept, too
    if (change.sequence > (held.get(change.product_id)?.sequence ?? "")) held.set(change.product_id, change);
}

async function snapshot() {
  for (let page = { more: true }, cursor = ""; page.more; cursor = `&cursor=${page.next}`) {
    page = await (await fetch(`${FEED}?limit=100${cursor}`, { headers: { Authorization: `Bearer ${KEY}` } })).json();
    apply(page.changes);
  }
}

async function site(request, response) {
  if (request.method === "GET") {
    const sold = [...held.values()].filter((told) => told.type === "upsert").map((told) => [told.product_id, told.product]);
    return response.setHeader("Content-Type", "application/json").end(JSON.stringify(Object.fromEntries(sold)));
  }
  try {
    const message = new Webhook(WEBHOOK_SECRET).verify(await text(request), request.headers);
    apply(message.data.changes ?? []);
    response.writeHead(204).end();
  } catch {
    response.writeHead(400).end();
  }
}

await snapshot();
createServer(site).listen(Number(PORT), "127.0.0.1");
