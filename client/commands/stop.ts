import type { Context } from '../context.ts';

export async function stop({ searches }: Context): Promise<void> {
  await searches.stop();
}
