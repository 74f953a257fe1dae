/** The Gateway API's policies: what a rule's fields and filters ask for, a kind a file. */
@NullMarked
package io.tulle.dialects.gatewayapi.policy;

import org.jspecify.annotations.NullMarked;
