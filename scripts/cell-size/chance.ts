/**
 * A number from 0 to 1 that depends on nothing but the seed and what it is for. Streams by name instead of one
 * sequence: a run's luck is the same whatever the other runs do, so that two ways of running compare.
 */
export const chance = (seed: number, run: number, purpose: number, turn: number): number => {
  let h = 0x9e3779b9 ^ seed;
  for (const part of [run, purpose, turn]) {
    // murmur3's block and finalizer.
    h ^= Math.imul(
      (Math.imul(part + 1, 0xcc9e2d51) << 15) | (Math.imul(part + 1, 0xcc9e2d51) >>> 17),
      0x1b873593,
    );
    h = Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64;
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 0x1_0000_0000;
};
