/**
 * Where connections come in: bound sockets, the hook's outbound door, the mesh port. Finds out whom a connection wants
 * and who is calling (PROXY header, first byte, TLS), then hands it to the door of its wire. Decides nothing about
 * requests.
 */
@NullMarked
package io.tulle.proxy.listen;

import org.jspecify.annotations.NullMarked;
