export type * from './backend';
export { failureOf } from './failure';
