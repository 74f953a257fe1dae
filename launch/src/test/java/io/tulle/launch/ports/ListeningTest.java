package io.tulle.launch.ports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ListeningTest {
    @Test
    void aSocketCountsFromListenToClose() throws Exception {
        var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        assertTrue(Listening.now().reached().contains(socket.getLocalPort()));
        socket.close();
        assertFalse(Listening.now().reached().contains(socket.getLocalPort()));
    }

    @Test
    void aSocketOnAllAddressesIsReached() throws Exception {
        try (var socket = new ServerSocket(0)) {
            assertTrue(Listening.now().reached().contains(socket.getLocalPort()));
        }
    }

    @Test
    void aSocketAtAnotherAddressIsNotReachedByTheSidecar() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.2"))) {
            assertFalse(Listening.now().reached().contains(socket.getLocalPort()));
        }
    }

    @Test
    void readingEndsAtTheFirstSocketThatDoesNotListen() throws Exception {
        var table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41 1 0000000000000000 100 0 0 10 0
               1: 0100007F:1F91 0100007F:A000 01 00000000:00000000 00:00000000 00000000  1000        0 42 1 0000000000000000 20 4 0 10 -1
               2: 0100007F:1F92 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 43 1 0000000000000000 100 0 0 10 0
            """;
        var found = new ArrayList<Listening.Socket>();
        Listening.read(new BufferedReader(new StringReader(table)), found);
        assertEquals(new Listening.Socket(8080, true, 41), found.getFirst());
        assertEquals(1, found.size());
    }

    @Test
    void whatAGroupOfProcessesListensOnIsFoundByItsOpenFiles() throws Exception {
        try (var socket = new ServerSocket(0)) {
            var group = new ProcessBuilder(
                            "ps",
                            "-o",
                            "pgid=",
                            "-p",
                            "" + ProcessHandle.current().pid())
                    .start();
            var number = Long.parseLong(new String(group.getInputStream().readAllBytes()).strip());
            assertTrue(Listening.now().heldBy(new ProcessGroup(number)).contains(socket.getLocalPort()));
            assertFalse(Listening.now().heldBy(new ProcessGroup(1)).contains(socket.getLocalPort()));
        }
    }

    @Test
    void aWatchTellsEachChangeAndOutlivesAFailure() throws Exception {
        var looks = new AtomicInteger();
        var told = new LinkedBlockingQueue<SortedSet<Integer>>();
        var executor = Executors.newSingleThreadScheduledExecutor();
        var socket = new ServerSocket(0);
        try {
            var port = socket.getLocalPort();
            PortWatch.start(
                    new TreeSet<>(java.util.Set.of(port)),
                    () -> {
                        if (looks.getAndIncrement() == 0) throw new OutOfMemoryError("for a moment");
                        return Listening.now();
                    },
                    executor,
                    told::add);
            assertEquals(java.util.Set.of(port), told.poll(20, TimeUnit.SECONDS));
            socket.close();
            assertEquals(java.util.Set.of(), told.poll(20, TimeUnit.SECONDS));
        } finally {
            socket.close();
            executor.shutdownNow();
        }
    }
}
