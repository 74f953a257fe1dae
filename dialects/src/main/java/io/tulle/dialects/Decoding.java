package io.tulle.dialects;

import io.tulle.dialects.code.Codes;
import io.tulle.dialects.field.FieldReader;
import io.tulle.dialects.kind.Context;
import io.tulle.dialects.kind.Contribution;
import io.tulle.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What one resource contributes, and its problems. Of a resource with an error only what holds a door closed is left. */
record Decoding(List<Contribution> contributions, List<Problem> problems) {
    static Decoding of(Context context) {
        var resource = context.resource();
        var kind = Kinds.of(resource.apiVersion(), resource.kind());
        if (kind.isEmpty()) {
            return new Decoding(
                    List.of(),
                    List.of(Codes.UNKNOWN_KIND
                            .problem("there is no kind " + resource.kind() + " in " + resource.apiVersion())
                            .at(resource.place())));
        }
        var decoder = Kinds.decoder(kind.get());
        var marks = Marks.of(resource, context.settings());
        var problems = new ArrayList<>(marks.problems());
        var subject =
                new FieldReader.Subject(resource.ref().toString(), kind.get().words(), problems);
        List<Contribution> read = List.of();
        try {
            read = FieldReader.read(
                    subject, resource.kind(), resource.content(), fields -> decoder.decode(fields, context));
        } catch (RuntimeException | StackOverflowError e) { // a value that no proxy could be told, or a slip of ours
            var why = Optional.ofNullable(e.getMessage()).orElse(e.toString());
            // What was reported before is why: the model takes no such value.
            if (problems.stream().noneMatch(Problem::isError)) {
                problems.add(Codes.UNTELLABLE
                        .problem(resource.ref() + " cannot be carried out by any proxy: " + why)
                        .at(resource.place()));
            }
        }
        if (problems.stream().noneMatch(Problem::isError)) {
            return new Decoding(marks.enforced() ? read : tried(read), problems);
        }
        if (!marks.enforced()) return new Decoding(List.of(), problems);
        var held = decoder.heldClosed(context);
        if (!held.isEmpty()) {
            problems.add(Codes.HELD_CLOSED
                    .warning(
                            resource.ref()
                                    + " is in force and cannot be read: until it is mended, everything that it could guard is refused")
                    .at(resource.place()));
        }
        return new Decoding(held, problems);
    }

    /** What is only tried; nothing else can be. */
    private static List<Contribution> tried(List<Contribution> read) {
        return read.stream()
                .flatMap(each -> each instanceof Contribution.OfAccess(var policy)
                        ? Stream.<Contribution>of(new Contribution.OfAccess(policy.tried()))
                        : Stream.of())
                .toList();
    }
}
