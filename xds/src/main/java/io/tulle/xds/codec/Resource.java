package io.tulle.xds.codec;

import com.google.protobuf.Any;
import io.tulle.xds.spec.ResourceType;

/**
 * A spec as it goes over the wire: serialised once, shared by all who hear it.
 *
 * @param version a digest of the bytes, so that the same content is never sent twice to one client
 */
public record Resource(ResourceType type, String name, String version, Any any) {}
