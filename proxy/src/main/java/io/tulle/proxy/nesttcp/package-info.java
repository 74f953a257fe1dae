/**
 * Nest TCP, message by message: frames of {@code <UTF-16 length>#<JSON>}, patterns made canonical as Nest's server does
 * it, and the door that routes, guards, balances and answers each message by itself. Facts of the protocol were taken from
 * {@code @nestjs/microservices} 12.1 (JsonSocket, ServerTCP, transformPatternToRoute) and are held by a differential test
 * against a real server.
 */
@NullMarked
package io.tulle.proxy.nesttcp;

import org.jspecify.annotations.NullMarked;
