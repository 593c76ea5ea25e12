import type { Failure } from './bindings';

/** What a rejected verb says. Anything but a `Failure` is a fault of our own and reads as one. */
export function failureOf(error: unknown): Failure {
  if (typeof error === 'object' && error !== null && 'code' in error && 'details' in error) return error as Failure;
  return { code: 'internal', details: String(error) };
}
