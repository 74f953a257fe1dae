// What the page knows of the control plane. Pure: time and answers are given.

/** Nothing was heard yet. */
export const UNKNOWN = { status: 'unknown', since: undefined, picture: undefined, reason: '' };

/** A picture came. `since` is when it did. */
export function heard(picture, now) {
  return { status: 'there', since: now, picture, reason: '' };
}

/** No answer: the last picture stays, and `since` is when it was true. */
export function missed(link, now) {
  return { ...link, status: 'away', since: link.since ?? now, reason: '' };
}

/** It answers, but not what was asked: it says why. The last picture stays. */
export function refused(link, now, reason) {
  return { ...link, status: 'refused', since: link.since ?? now, reason };
}

/** What a person who does not look should be told, if anything; a new picture alone is no news. */
export function news(before, after) {
  if (before.status === after.status) return '';
  switch (after.status) {
    case 'away':
      return 'The control plane does not answer.';
    case 'refused':
      return `The control plane refuses: ${after.reason}`;
    case 'there':
      return before.status === 'unknown' ? '' : 'The control plane is back.';
    default:
      return '';
  }
}
