/** Which names among several mean which part of a dataset. */

import { roleOf, type Role } from '../../space/index.ts';
import { DatasetError } from './dataset.ts';

export { roleOf, type Role };

/**
 * The names by the part that they mean. `place` begins the message.
 * @throws DatasetError when two names mean the same part, since nobody can tell which one counts
 */
export function byRole(names: readonly string[], place: string): Map<Role, string> {
  const found = new Map<Role, string>();
  for (const name of names) {
    const role = roleOf(name);
    if (role === undefined) continue;
    const other = found.get(role);
    if (other !== undefined) {
      throw new DatasetError(
        `${place} has both ${other} and ${name}, which mean the ${role === 'train' ? 'training' : role} split both. Keep one of them, or put them together.`,
      );
    }
    found.set(role, name);
  }
  return found;
}
