/**
 * Waits for several things that are started side by side. The stack disposes of each in the end,
 * also when another one could not be started.
 */
export async function startAll<P extends readonly Promise<AsyncDisposable>[]>(
  stack: AsyncDisposableStack,
  ...starting: P
) {
  for (const one of await Promise.allSettled(starting)) {
    if (one.status === 'fulfilled') stack.use(one.value);
  }
  return await Promise.all(starting);
}
