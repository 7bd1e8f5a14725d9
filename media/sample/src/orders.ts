const MAX_ITEMS = 20;

function totalPrice(items) {
  return items.length * MAX_ITEMS;
}

function saveOrder(order) {
  console.log(order);
  return order.id;
}
