/** README.md as it stands in a package: pictures and the files that it leads to stay in the repository. */

/** Drops pictures of the repository, and leaves of links into it what they say. */
export const packagedReadme = (text: string): string =>
  text.replace(/^!\[[^\]]*\]\((?!https:)[^)]*\)\n\n?/gm, '').replace(/\[([^\]]*)\]\((?!https:|#)[^)]*\)/g, '$1');
