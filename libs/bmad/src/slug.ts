const maxSlugLength = 60;

/**
 * A file name's and branch name's form of a title: lower case, digits and single hyphens (BMAD's rule: "User Auth -
 * Login!" → `user-auth-login`), at most 60 characters, cut between words. A title without a Latin letter or digit
 * gives `untitled`, because a path needs a name.
 */
export function slugify(title: string): string {
  const words = title.normalize('NFKD').replace(/[\u0300-\u036f'’]/g, '').toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== '');
  let slug = '';
  for (const word of words) {
    const longer = slug === '' ? word.slice(0, maxSlugLength) : `${slug}-${word}`;
    if (longer.length > maxSlugLength) break;
    slug = longer;
  }
  return slug === '' ? 'untitled' : slug;
}
