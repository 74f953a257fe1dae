const $ = (selector, inside = document) => inside.querySelector(selector);
const euros = (cents) => new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' }).format(cents / 100);

const cart = (localStorage.cart ??= Math.random().toString(36).slice(2));

async function ask(method, path, body) {
  const headers = body ? { 'content-type': 'application/json' } : {};
  const answer = await fetch(`/api/${path}`, { method, headers, body: body && JSON.stringify(body) });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.message ?? said);
  return said;
}

function say(text) {
  const item = document.createElement('li');
  item.textContent = text;
  $('#updates').append(item);
}

const orSay = (work) => (event) => work(event).catch((error) => say(`⚠️ ${error.message}`));

function show({ id, name, picture, price, rating }) {
  const card = $('#product').content.cloneNode(true);
  $('.picture', card).textContent = picture;
  $('h3', card).textContent = name;
  $('.rating', card).textContent = rating ? `★ ${rating}` : '';
  $('button', card).textContent = euros(price);
  $('button', card).setAttribute('aria-label', `Add ${name} for ${euros(price)}`);
  $('button', card).onclick = orSay(async () => showCart(await ask('POST', `carts/${cart}/items`, { product: id })));
  $('#products').append(card);
}

function showCart({ lines, total }) {
  $('#lines').replaceChildren(
    ...lines.map(({ name, quantity }) => {
      const item = document.createElement('li');
      item.textContent = `${quantity} × ${name}`;
      return item;
    }),
  );
  $('#total').textContent = lines.length ? euros(total) : 'Nothing yet.';
  $('#order').disabled = lines.length === 0;
}

function follow(order) {
  const events = new EventSource(`/api/orders/${order}/events`);
  events.addEventListener('update', ({ data }) => {
    const { status, text } = JSON.parse(data);
    say(`${status}: ${text}`);
    if (status === 'ready' || status === 'failed') events.close();
  });
}

$('#order').onclick = orSay(async () => {
  $('#updates').replaceChildren();
  const { order } = await ask('POST', 'orders', { cart });
  showCart({ lines: [], total: 0 });
  follow(order);
});

await orSay(async () => {
  const { version, products } = await ask('GET', 'products');
  $('#version').textContent = `catalog ${version}`;
  products.forEach(show);
  showCart(await ask('GET', `carts/${cart}`));
})();
