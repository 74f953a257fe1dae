package io.tulle.proxy.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tulle.model.SpiffeId;
import io.tulle.testkit.TestLeaf;
import io.tulle.testkit.TestPki;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileIdentityTest {
    private static final SpiffeId CART = SpiffeId.of("tulle", "shop", "cart");

    @TempDir
    private Path directory;

    private final TestPki pki = TestPki.create();

    private FileIdentity identity() throws Exception {
        return FileIdentity.of(
                directory.resolve("chain.pem"), directory.resolve("key.pem"), directory.resolve("roots.pem"));
    }

    private void write(TestLeaf leaf) throws Exception {
        Files.writeString(directory.resolve("chain.pem"), leaf.certificatePem());
        Files.writeString(directory.resolve("key.pem"), leaf.keyPem());
        Files.writeString(directory.resolve("roots.pem"), pki.rootPem());
    }

    @Test
    void readsThreeFiles() throws Exception {
        var leaf = pki.leaf(CART, "cart-1");
        write(leaf);
        var read = identity().current().orElseThrow();
        assertEquals(leaf.certificate(), read.leaf());
        assertEquals(leaf.key(), read.key());
        assertEquals(List.of(pki.root()), read.trust().of("tulle"));
    }

    @Test
    void takesANewLeafAndSaysSo() throws Exception {
        write(pki.leaf(CART, "cart-1"));
        var identity = identity();
        var changes = new AtomicInteger();
        identity.onChange(changes::incrementAndGet);
        identity.reload();
        assertEquals(0, changes.get());
        var renewed = pki.leaf(CART, "cart-1");
        write(renewed);
        identity.reload();
        assertEquals(1, changes.get());
        assertEquals(renewed.certificate(), identity.current().orElseThrow().leaf());
    }

    @Test
    void keepsTheLastGoodOne() throws Exception {
        var leaf = pki.leaf(CART, "cart-1");
        write(leaf);
        var identity = identity();
        Files.writeString(directory.resolve("chain.pem"), "half a certif");
        assertThrows(IllegalArgumentException.class, identity::reload);
        assertEquals(leaf.certificate(), identity.current().orElseThrow().leaf());
    }
}
