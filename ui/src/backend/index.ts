export type * from './backend';
