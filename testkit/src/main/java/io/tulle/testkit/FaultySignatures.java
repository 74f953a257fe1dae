package io.tulle.testkit;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** P-256 of this JVM whose next operations go wrong, as after a fault of a processor or a compiler; until it is closed. */
public final class FaultySignatures implements AutoCloseable {
    private static final String NAME = "Faulty";
    private static final String ALGORITHM = "SHA256withECDSA";
    private static final AtomicInteger SIGNING = new AtomicInteger();
    private static final AtomicInteger CHECKING = new AtomicInteger();

    /**
     * From now on.
     *
     * @param signing how many signatures are not their key's
     * @param checking how many signatures are not confirmed, whatever they are
     */
    public FaultySignatures(int signing, int checking) {
        SIGNING.set(signing);
        CHECKING.set(checking);
        Security.insertProviderAt(new Faulty(), 1);
    }

    @Override
    public void close() {
        Security.removeProvider(NAME);
    }

    private static final class Faulty extends Provider {
        private static final long serialVersionUID = 1;

        Faulty() {
            super(NAME, "1", "for tests");
            putService(new Service(this, "Signature", ALGORITHM, Spi.class.getName(), List.of(), Map.of()) {
                @Override
                public Object newInstance(Object parameter) {
                    return new Spi();
                }
            });
        }
    }

    private static final class Spi extends SignatureSpi {
        private final Signature right;

        Spi() {
            try {
                right = Signature.getInstance(ALGORITHM, "SunEC");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            right.initVerify(key);
        }

        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            right.initSign(key);
        }

        @Override
        protected void engineUpdate(byte one) throws SignatureException {
            right.update(one);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int from, int length) throws SignatureException {
            right.update(bytes, from, length);
        }

        @Override
        protected byte[] engineSign() throws SignatureException {
            if (SIGNING.getAndUpdate(left -> Math.max(0, left - 1)) > 0) right.update((byte) 1);
            return right.sign();
        }

        @Override
        protected boolean engineVerify(byte[] signature) throws SignatureException {
            return right.verify(signature) && CHECKING.getAndUpdate(left -> Math.max(0, left - 1)) == 0;
        }

        @Override
        @SuppressWarnings("deprecation") // abstract in what it must extend
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @SuppressWarnings("deprecation")
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }
}
