package io.tulle.proxy.identity;

import io.tulle.proxy.tls.Pem;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.SignatureException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the certificate signing request of a P-256 key (PKCS#10, RFC 2986): no subject, no attributes, because the
 * control plane alone says who the sidecar is. It proves that the key is held, and nothing else.
 */
final class SigningRequests {
    /** ecdsa-with-SHA256, 1.2.840.10045.4.3.2 (RFC 5758), as an AlgorithmIdentifier. */
    private static final byte[] ECDSA_WITH_SHA256 = {
        0x30, 0x0a, 0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02
    };

    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final byte[] NO_SUBJECT = {0x30, 0x00};
    private static final byte[] NO_ATTRIBUTES = {(byte) 0xa0, 0x00};
    private static final Logger LOG = LoggerFactory.getLogger(SigningRequests.class);
    private static final int TRIES = 3;
    private static final int SEQUENCE = 0x30;
    private static final int BIT_STRING = 0x03;

    private SigningRequests() {}

    /** @return PEM */
    static String of(KeyPair keys) {
        try {
            var info = tagged(
                    SEQUENCE, joined(VERSION_0, NO_SUBJECT, keys.getPublic().getEncoded(), NO_ATTRIBUTES));
            var signature = tagged(BIT_STRING, joined(new byte[] {0}, signed(info, keys)));
            return Pem.block("CERTIFICATE REQUEST", tagged(SEQUENCE, joined(info, ECDSA_WITH_SHA256, signature)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot sign with P-256", e);
        }
    }

    /** Looked at before it is sent: a control plane has refused some, rarely and under load, for a reason that nobody knows yet. */
    private static byte[] signed(byte[] info, KeyPair keys) throws GeneralSecurityException {
        for (int tries = 1; tries <= TRIES; tries++) {
            var signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(keys.getPrivate());
            signer.update(info);
            var signature = signer.sign();
            var check = Signature.getInstance("SHA256withECDSA");
            check.initVerify(keys.getPublic());
            check.update(info);
            if (check.verify(signature)) return signature;
            LOG.error("the JDK made a signature that its own key does not confirm, {} of {} times", tries, TRIES);
        }
        throw new SignatureException("no signature can be made that its own key confirms");
    }

    private static byte[] tagged(int tag, byte[] content) {
        var out = new ByteArrayOutputStream(content.length + 4);
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) out.writeBytes(part);
        return out.toByteArray();
    }
}
