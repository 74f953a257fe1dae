package io.tulle.proxy.identity;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tulle.testkit.FaultySignatures;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SigningRequestsTest {
    private static final int HEAD = 3; // of the outer sequence, whose length takes two bytes

    @Test
    void aSignatureThatItsOwnKeyDoesNotConfirmIsMadeAgain() throws GeneralSecurityException {
        var keys = keys();
        String request;
        try (var _ = new FaultySignatures(2, 0)) {
            request = SigningRequests.of(keys);
        }
        assertTrue(isSigned(request, keys));
    }

    @Test
    void aRequestThatProvesNothingIsNeverSent() throws GeneralSecurityException {
        var keys = keys();
        try (var _ = new FaultySignatures(100, 0)) {
            assertThrows(IllegalStateException.class, () -> SigningRequests.of(keys));
        }
    }

    private static KeyPair keys() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** The request's information, the name of the algorithm (12 bytes), a bit string. */
    private static boolean isSigned(String pem, KeyPair keys) throws GeneralSecurityException {
        var der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        var info = 2 + (der[HEAD + 1] & 0xff);
        if (info > 0x80) info = 3 + (der[HEAD + 2] & 0xff);
        var bits = HEAD + info + 12;
        var check = Signature.getInstance("SHA256withECDSA");
        check.initVerify(keys.getPublic());
        check.update(der, HEAD, info);
        return check.verify(Arrays.copyOfRange(der, bits + 3, der.length));
    }
}
