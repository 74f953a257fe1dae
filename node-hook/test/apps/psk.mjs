// TLS by a shared key, so that no certificate has to be kept with the tests.
const common = { ciphers: 'PSK', maxVersion: 'TLSv1.2' };
const psk = Buffer.alloc(32, 7);

export const serverSide = { ...common, pskCallback: () => psk };
export const clientSide = { ...common, pskCallback: () => ({ psk, identity: 'test' }), checkServerIdentity: () => undefined };
