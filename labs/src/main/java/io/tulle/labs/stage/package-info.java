/**
 * What a lab stands on: the shop in a mesh of its own, each part an operating-system process, reached as a person would
 * reach it (HTTP, the command line, signals). Nothing in here looks into the mesh other than by its public doors.
 */
@NullMarked
package io.tulle.labs.stage;

import org.jspecify.annotations.NullMarked;
