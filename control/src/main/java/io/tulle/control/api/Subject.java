package io.tulle.control.api;

/** What a Status speaks of: {@code details} names it. {@code kind} is the plural, as Kubernetes has it there. */
record Subject(String group, String kind, String name) {
    static final Subject NONE = new Subject("", "", "");

    static Subject of(ServedKind kind, String name) {
        return new Subject(kind.group(), kind.plural(), name);
    }
}
