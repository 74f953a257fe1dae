package io.tulle.control.api;

import com.linecorp.armeria.common.QueryParams;

/** A request as the handlers see it: read whole, its caller judged. */
record Ask(String method, QueryParams params, String accept, String contentType, Body body, Caller caller) {
    /** Bytes with no claim to value equality. */
    static final class Body {
        private final byte[] bytes;

        Body(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }

        boolean isEmpty() {
            return bytes.length == 0;
        }
    }

    String param(String name) {
        return params.get(name, "");
    }

    boolean flag(String name) {
        var value = param(name);
        return switch (value) {
            case "", "false", "0" -> false;
            case "true", "1" -> true;
            default -> throw ApiCode.BAD_PARAMETER.because(name + "=" + value + " is not true or false");
        };
    }

    long number(String name) {
        var text = param(name);
        if (text.isEmpty()) return 0;
        var number = Numbers.parse(text);
        if (number < 0) throw ApiCode.BAD_PARAMETER.because(name + "=" + text + " is not a number");
        return number;
    }

    boolean dryRun() {
        var values = params.getAll("dryRun");
        for (var value : values) {
            if (!value.equals("All")) throw ApiCode.BAD_PARAMETER.because("dryRun=" + value + " is not All");
        }
        return !values.isEmpty();
    }

    /** Whether warnings are told. Strict and Warn are the same to us: what is an error is one in any case. */
    boolean warns() {
        return switch (param("fieldValidation")) {
            case "", "Warn", "Strict" -> true;
            case "Ignore" -> false;
            default -> throw ApiCode.BAD_PARAMETER.because("fieldValidation is Ignore, Warn or Strict");
        };
    }

    /** The first of the accepted forms that we write. */
    Form form() {
        if (accept.isBlank()) return Form.JSON;
        for (var part : accept.split(",")) {
            var pieces = part.strip().split("\\s*;\\s*");
            var json = pieces[0].equals("application/json")
                    || pieces[0].equals("application/*")
                    || pieces[0].equals("*/*");
            if (!json) continue;
            var as = "";
            for (var piece : pieces) if (piece.startsWith("as=")) as = piece.substring("as=".length());
            if (as.equals("Table")) return Form.TABLE;
            if (as.isEmpty() || as.equals("APIGroupDiscoveryList"))
                return Form.JSON; // clients fall back from the latter
        }
        throw ApiCode.NOT_ACCEPTABLE.because("of '" + accept + "' nothing is served");
    }

    enum Form {
        JSON,
        TABLE
    }

    Tables.Include include() {
        return switch (param("includeObject")) {
            case "", "Metadata" -> Tables.Include.METADATA;
            case "None" -> Tables.Include.NONE;
            case "Object" -> Tables.Include.OBJECT;
            default -> throw ApiCode.BAD_PARAMETER.because("includeObject is None, Metadata or Object");
        };
    }
}
