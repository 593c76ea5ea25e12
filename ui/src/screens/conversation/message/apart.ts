/** Keys of a list that is not ours: two of the same are told apart, because a page may not have one key twice. */
export function apart<T>(list: readonly T[], key: (one: T) => string): { key: string; one: T }[] {
  const seen = new Map<string, number>();
  return list.map((one) => {
    const own = key(one);
    const count = seen.get(own) ?? 0;
    seen.set(own, count + 1);
    return { key: `${String(count)} ${own}`, one };
  });
}
