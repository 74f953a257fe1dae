/**
 * What nodes hear, encoded: each resource once, whoever hears it. Two moments and two nodes share all in which they do not
 * differ, so that they are compared by identity and cost what they do not share. Knows no stream and no compiler.
 */
@NullMarked
package io.tulle.xds.layer;

import org.jspecify.annotations.NullMarked;
