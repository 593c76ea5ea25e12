import cranes from './pictures/cranes.svg?url';
import ramp from './pictures/ramp.svg?url';
import seal from './pictures/seal.svg?url';

/** Where the pictures of the golden organisation are. */
export const pictures: Readonly<Record<string, string>> = { ramp, seal, cranes };
