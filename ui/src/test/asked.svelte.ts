/** A value that a test changes under a component: a re-rendering would change all properties at once. */
export class Asked<T> {
  value = $state.raw() as T;

  constructor(value: T) {
    this.value = value;
  }
}
