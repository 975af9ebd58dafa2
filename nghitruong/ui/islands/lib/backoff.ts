/** How long to wait before attempt number `attempt` (0, 1, …): doubling from `base`, at most
 *  `cap`, and a random half of it, so that 500 tablets do not come back in the same millisecond. */
export function backoff(
  attempt: number,
  { base = 500, cap = 15_000, random = Math.random }: BackoffOptions = {},
): number {
  const full = Math.min(cap, base * 2 ** Math.min(attempt, 20));
  return Math.round(full / 2 + (full / 2) * random());
}

export interface BackoffOptions {
  base?: number;
  cap?: number;
  random?: () => number;
}
