// Decorators without a compiler: applied to a class and its methods by hand.
export function declare(type, decorate, methods) {
  for (const [name, [onMethod, parameters = {}]] of Object.entries(methods)) {
    const descriptor = Object.getOwnPropertyDescriptor(type.prototype, name);
    onMethod(type.prototype, name, descriptor);
    for (const [index, onParameter] of Object.entries(parameters)) onParameter(type.prototype, name, Number(index));
  }
  decorate(type);
}
