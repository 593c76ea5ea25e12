/** Where a place is, in words: degrees as maps take them. */
import type { Coordinates } from '../../../backend/backend';
import { say } from '../../../words';

/** "59.91273° N, 10.74609° E"; empty where nothing is known. */
export function placeText(coordinates: Coordinates | null): string {
  if (!coordinates) return '';
  const { latitude, longitude } = coordinates;
  const degrees = (millionths: number) => (Math.abs(millionths) / 1_000_000).toFixed(5);
  return say('location.where', {
    latitude: say(latitude < 0 ? 'location.south' : 'location.north', { degrees: degrees(latitude) }),
    longitude: say(longitude < 0 ? 'location.west' : 'location.east', { degrees: degrees(longitude) }),
  });
}
