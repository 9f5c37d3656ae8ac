import type { HomeAccess } from "#domain/access/home-access.ts";

/** What an answer must call the home; nothing where the caller has but one. */
export const homeNameIn = ({ about }: HomeAccess): { readonly homeName?: string } =>
  about.isOneOfSeveral ? { homeName: about.name } : {};
