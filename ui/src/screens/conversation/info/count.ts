/** How the engine counts in a chat: to a bound, and then it says so. */
const BOUND = 1000;

/** "84", "1,000+". */
export function counted(count: number): string {
  return count >= BOUND ? `${BOUND.toLocaleString('en-GB')}+` : String(count);
}
