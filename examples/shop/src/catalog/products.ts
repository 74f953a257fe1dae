/** Prices are in cents. The names are not plain ASCII on purpose: a length in bytes is not a length in letters. */
export const products = [
  { id: 'cafe', name: 'Café crème', picture: '☕️', price: 320, rating: 4.8 },
  { id: 'brulee', name: 'Crème brûlée', picture: '🍮', price: 650, rating: 4.9 },
  { id: 'smorgas', name: 'Smörgås med räkor', picture: '🍤', price: 890, rating: 4.5 },
  { id: 'pierogi', name: 'Pierogi z żurawiną', picture: '🥟', price: 740, rating: 4.6 },
  { id: 'matcha', name: '抹茶ラテ', picture: '🍵', price: 450, rating: 4.2 },
  { id: 'jalapeno', name: 'Jalapeño poppers', picture: '🌶️', price: 580, rating: 4.1 },
];
