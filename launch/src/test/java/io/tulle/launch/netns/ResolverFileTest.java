package io.tulle.launch.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ResolverFileTest {
    @Test
    void namesAreTriedAsWrittenBeforeTheHostsSearchDomains() {
        var host = ResolverFile.parse(List.of(
                "# made by somebody",
                "search corp.example lan",
                "nameserver 192.0.2.53",
                "nameserver 2001:db8::53",
                "options ndots:2 edns0 timeout:1"));

        assertEquals(List.of("192.0.2.53", "2001:db8::53"), host.servers());
        assertEquals("""
                nameserver 127.0.0.53
                search corp.example lan
                options timeout:1 ndots:0
                """, host.inMesh());
    }

    @Test
    void aHostWithoutTheFileIsNoObstacle() {
        assertEquals(
                "nameserver 127.0.0.53\noptions ndots:0\n",
                ResolverFile.parse(List.of()).inMesh());
    }

    @Test
    void onlyFilesAndDnsAreAskedForHosts() {
        assertEquals(
                "passwd: files\nhosts: files dns\n",
                ResolverFile.sources("passwd: files\nhosts: files resolve [!UNAVAIL=return] dns\n"));
    }
}
