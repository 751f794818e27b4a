/** What is known of an object of the stand-in, and nothing else: any other member is a sentence, not `undefined`. */
export function strict<T extends object>(name: string, target: T): T {
  const known = (property: string | symbol): boolean => typeof property === 'symbol' || property in target || property === 'then';
  const refuse = (property: string | symbol): never => {
    throw new Error(
      `The stand-in of electron has no ${name}.${String(property)}: give it one, with electron's own type, if the shell uses it.`,
    );
  };
  return new Proxy(target, {
    get: (object, property) => {
      if (!known(property)) refuse(property);
      const value: unknown = Reflect.get(object, property, object);
      return value;
    },
    set: (object, property, value) => {
      if (!known(property)) refuse(property);
      return Reflect.set(object, property, value, object);
    },
  });
}
