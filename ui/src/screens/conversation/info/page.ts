/** The pages of the drawer behind its first one. */
export type Page = 'media' | 'files' | 'links' | 'starred' | 'pinned' | 'people';
