package io.tulle.proxy.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** Whether two halves of a key belong together. */
final class KeyMatch {
    private static final byte[] PROOF = {1, 2, 3, 4};

    private KeyMatch() {}

    /** What one signs the other must prove. */
    static boolean isOf(PrivateKey key, PublicKey other) {
        try {
            var algorithm = switch (key.getAlgorithm()) {
                case "EC" -> "SHA256withECDSA";
                case "RSA" -> "SHA256withRSA";
                default -> key.getAlgorithm();
            };
            var signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(PROOF);
            var signed = signer.sign();
            var check = Signature.getInstance(algorithm);
            check.initVerify(other);
            check.update(PROOF);
            return check.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
