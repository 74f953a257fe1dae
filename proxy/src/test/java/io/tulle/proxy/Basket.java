package io.tulle.proxy;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.tulle.proxy.plan.Addresses;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A real gRPC server whose requests say how it should behave. */
final class Basket implements AutoCloseable {
    private final String name;
    private final Server server;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final AtomicLong listed = new AtomicLong();

    Basket(String name) throws IOException {
        this.name = name;
        var service = ServerServiceDefinition.builder("shop.Cart")
                .addMethod(Calls.UNARY, ServerCalls.asyncUnaryCall(this::add))
                .addMethod(Calls.LISTING, ServerCalls.asyncServerStreamingCall(this::list))
                .addMethod(Calls.FILLING, ServerCalls.asyncClientStreamingCall(this::fill))
                .addMethod(Calls.TALKING, ServerCalls.asyncBidiStreamingCall(this::talk))
                .build();
        this.server = NettyServerBuilder.forAddress(Addresses.loopback(0))
                .addService(service)
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    /** What it was asked next: an item that was added, or how much was filled in. */
    String heard() throws InterruptedException {
        return Optional.ofNullable(heard.poll(20, TimeUnit.SECONDS)).orElseThrow();
    }

    int calls() {
        return calls.get();
    }

    /** How many messages were handed to the transport by lists. */
    long listed() {
        return listed.get();
    }

    boolean sawCancel() throws InterruptedException {
        return cancelled.await(20, TimeUnit.SECONDS);
    }

    private void add(String request, StreamObserver<String> answer) {
        calls.incrementAndGet();
        heard.add(request);
        var call = (ServerCallStreamObserver<String>) answer;
        switch (request) {
            case "never" -> call.setOnCancelHandler(cancelled::countDown);
            case "fail" -> {
                var trailers = new Metadata();
                trailers.put(Calls.TRAILER, "7");
                answer.onError(
                        Status.INVALID_ARGUMENT.withDescription("no such item").asRuntimeException(trailers));
            }
            default -> {
                answer.onNext(name + " " + request);
                answer.onCompleted();
            }
        }
    }

    /** {@code COUNT SIZE}: so many messages of this size, no faster than the transport takes them; -1 for ever. */
    private void list(String request, StreamObserver<String> answer) {
        var call = (ServerCallStreamObserver<String>) answer;
        call.setOnCancelHandler(cancelled::countDown);
        var parts = request.split(" ", -1);
        var left = new AtomicInteger(Integer.parseInt(parts[0]));
        var message = "x".repeat(Integer.parseInt(parts[1]));
        call.setOnReadyHandler(() -> {
            while (call.isReady() && left.get() != 0) {
                left.decrementAndGet();
                listed.incrementAndGet();
                call.onNext(message);
                if (left.get() == 0) call.onCompleted();
            }
        });
    }

    private StreamObserver<String> fill(StreamObserver<String> answer) {
        return new StreamObserver<>() {
            private long length;

            @Override
            public void onNext(String item) {
                length += item.length();
            }

            @Override
            public void onError(Throwable gone) {
                cancelled.countDown();
            }

            @Override
            public void onCompleted() {
                heard.add("filled " + length);
                answer.onNext(Long.toString(length));
                answer.onCompleted();
            }
        };
    }

    private StreamObserver<String> talk(StreamObserver<String> answer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(String item) {
                if (item.equals("abort"))
                    answer.onError(Status.ABORTED.withDescription("enough").asRuntimeException());
                else answer.onNext("re: " + item);
            }

            @Override
            public void onError(Throwable gone) {
                cancelled.countDown();
            }

            @Override
            public void onCompleted() {
                answer.onCompleted();
            }
        };
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
    }
}
