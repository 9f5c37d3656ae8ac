/**
 * Does the same with each item, so many at once, and returns what each gave, in their order. When one fails no further one is
 * begun. More at once than a client has connections would wait within it, and its time limits count from there.
 */
export const fewAtOnce = async <Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next]; item !== undefined; item = items[next]) {
      const at = next;
      next += 1;
      try {
        results[at] = await work(item);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
};
