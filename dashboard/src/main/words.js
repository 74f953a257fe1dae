// Numbers and states as people read them. Pure.

const PROTOCOLS = { http: 'HTTP', grpc: 'gRPC', 'nest-tcp': 'Nest TCP', tcp: 'TCP' };
const SECURITY = { mutual: 'mutual TLS', plaintext: 'plaintext', mixed: 'some plaintext', unknown: 'not known' };

export const protocol = (written) => PROTOCOLS[written] ?? written;

/** Towards what is not of the mesh, there is nobody to prove anything. */
export function security(edge) {
  if (edge.security !== 'plaintext') return SECURITY[edge.security] ?? edge.security;
  if (edge.from === 'outside') return 'from outside';
  return edge.to.startsWith('external/') ? 'leaves the mesh' : SECURITY.plaintext;
}

/** A number with two digits that matter: 0.25, 3.4, 17, 1.2k. */
export function short(number) {
  if (number === 0) return '0';
  if (number < 0.01) return '<0.01';
  if (number < 1) return trimmed(number, 2);
  if (number < 9.95) return trimmed(number, 1);
  if (number < 999.5) return String(Math.round(number));
  if (number < 9950) return `${trimmed(number / 1000, 1)}k`;
  return number < 999_500 ? `${Math.round(number / 1000)}k` : `${trimmed(number / 1e6, 1)}M`;
}

const trimmed = (number, digits) => number.toFixed(digits).replace(/\.?0+$/, '');

export const perSecond = (number) => `${short(number)}/s`;

export function millis(number) {
  if (number === undefined) return '–';
  if (number < 0.95) return '<1 ms';
  if (number < 9.95) return `${trimmed(number, 1)} ms`;
  if (number < 999.5) return `${Math.round(number)} ms`;
  return `${trimmed(number / 1000, 1)} s`;
}

/** Never says 0 % or 100 % of what is not so. */
export function share(part, whole) {
  if (whole <= 0 || part <= 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent < 1) return '<1 %';
  if (percent > 99 && percent < 100) return '>99 %';
  return `${Math.round(percent)} %`;
}

export const count = (number, one, many = `${one}s`) => `${number.toLocaleString('en')} ${number === 1 ? one : many}`;

/** 8 s, 3 min, 2 h, 5 d */
export function lasting(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** The time of day, in the reader's zone: 20:14:05. */
export function clock(milliseconds) {
  const date = new Date(milliseconds);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}
