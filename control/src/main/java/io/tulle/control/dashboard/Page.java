package io.tulle.control.dashboard;

import com.linecorp.armeria.common.MediaType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * One file of the garden {@code dashboard/}, as the build put it beside this class.
 *
 * @param path where it is served
 */
record Page(String path, MediaType type, String text) {
    private static final MediaType SCRIPT =
            MediaType.create("text", "javascript").withCharset(StandardCharsets.UTF_8);
    private static final MediaType ICON = MediaType.create("image", "svg+xml");
    private static final String FOLDER = "/dashboard/";
    private static final List<String> SCRIPTS =
            List.of("main", "link", "words", "shape", "layout", "map", "tables", "dom");

    /** Named one by one: nothing else of the jar can be asked for. */
    static List<Page> all() {
        var fixed = Stream.of(
                new Page("/", MediaType.HTML_UTF_8, read("index.html")),
                new Page(FOLDER + "page.css", MediaType.CSS_UTF_8, read("page.css")),
                new Page(FOLDER + "icon.svg", ICON, read("icon.svg")));
        var scripts = SCRIPTS.stream().map(name -> new Page(FOLDER + name + ".js", SCRIPT, read(name + ".js")));
        return Stream.concat(fixed, scripts).toList();
    }

    private static String read(String file) {
        try (var in = Page.class.getResourceAsStream("page/" + file)) {
            if (in == null) throw new IllegalStateException("the build left out the dashboard's " + file);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
