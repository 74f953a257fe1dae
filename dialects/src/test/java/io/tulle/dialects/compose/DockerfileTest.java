package io.tulle.dialects.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerfileTest {
    /** A context in which names with an end are files, and others folders. */
    private static final Surroundings CONTEXT = new NothingBeside() {
        @Override
        public Kind kind(String path) {
            return path.substring(path.lastIndexOf('/') + 1).contains(".") ? Kind.FILE : Kind.FOLDER;
        }
    };

    @Test
    void theLastStageCountsAndTakesItsFilesFromTheOthers() {
        var stage = read("""
                # syntax=docker/dockerfile:1
                ARG NODE_VERSION=20
                FROM node:${NODE_VERSION}-alpine AS Base
                WORKDIR /usr/src/app
                ENV NODE_ENV=production \\
                    # a comment within
                    PORT=3000

                FROM base AS build
                COPY package*.json ./
                RUN npm ci && \\
                    npm run build
                COPY . .
                RUN <<EOF
                CMD ["never", "this"]
                EOF

                FROM base
                COPY --from=build --chown=node:node /usr/src/app/dist ./dist
                COPY --from=build /usr/src/app/node_modules ./node_modules
                EXPOSE 3000 ${PORT}/tcp 9000-9002 53/udp
                USER node
                CMD ["node", "dist/main.js"]
                """);
        assertEquals("node:20-alpine", stage.base());
        assertEquals(List.of("node", "dist/main.js"), stage.words());
        assertEquals("/usr/src/app", stage.workingDirectory());
        assertEquals(Map.of("NODE_ENV", "production", "PORT", "3000"), stage.environment());
        assertEquals(Set.of(3000, 9000, 9001, 9002), stage.ports());
        assertEquals(Optional.of("api/dist/main.js"), stage.paths().host("/usr/src/app/dist/main.js"));
        assertEquals(Optional.of("api"), stage.paths().host("/usr/src/app"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "CMD [\"node\", \"a b.js\"]|[node, a b.js]",
                "CMD node dist/main|[node, dist/main]",
                "cmd exec node dist/main|[node, dist/main]",
                "CMD node dist/main && echo $X|[/bin/sh, -c, node dist/main && echo $X]",
                "SHELL [\"/bin/bash\", \"-c\"]\\nCMD a ; b|[/bin/bash, -c, a ; b]",
                "ENTRYPOINT [\"node\"]\\nCMD [\"x.js\"]|[node, x.js]",
                "CMD [\"x.js\"]\\nENTRYPOINT [\"node\"]|[node]",
                "CMD [\"a\"]\\nCMD [\"b\"]|[b]",
                "CMD [node, x]|[/bin/sh, -c, [node, x]]",
                "CMD [\"$X\"]|[$X]"
            })
    void bothFormsOfACommandAreUnderstood(String text, String words) {
        assertEquals(
                words, read("FROM node\n" + text.replace("\\n", "\n")).words().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "ENV A=1 B=\"two words\" C='$A'|{A=1, B=two words, C=$A}",
                "ENV A one two|{A=one two}",
                "ARG X=x\\nENV A=$X B=${X}y C=${Y:-z} D=${X:+set} E=\\$X|{A=x, B=xy, C=z, D=set, E=$X}",
                "ARG X\\nENV A=$X|{A=given}",
                "ARG G\\nENV A=$G|{A=global}",
                "ENV A=$G|{A=}",
                "ARG X=1\\nENV X=2\\nENV A=$X|{A=2, X=2}"
            })
    void argumentsAndVariablesAreReplaced(String text, String environment) {
        var stage = Dockerfile.read(
                        "ARG G=global\nFROM node\n" + text.replace("\\n", "\n"),
                        ".",
                        text.startsWith("ARG X\\n") ? Map.of("X", "given") : Map.of(),
                        Optional.empty(),
                        CONTEXT)
                .orElseThrow();
        assertEquals(environment, stage.environment().toString());
    }

    @Test
    void theStageThatIsAskedForCounts() {
        var text = "FROM node AS Dev\nCMD [\"dev\"]\nFROM nginx\nCMD [\"n\"]\n";
        assertEquals(List.of("dev"), read(text, "dev").orElseThrow().words());
        assertEquals(List.of("dev"), read(text, "0").orElseThrow().words());
        assertEquals(Optional.empty(), read(text, "prod"));
    }

    @Test
    void theEscapeOfWindowsContinuesLinesToo() {
        var stage = read("# escape=`\nFROM node\nCMD [`\n\"node\", `\n\"x.js\"]\n");
        assertEquals(List.of("node", "x.js"), stage.words());
    }

    @Test
    void heredocsAreNotInstructions() {
        var stage = read("FROM node\nCOPY <<-\"END\" /run.sh\n\tCMD [\"no\"]\n\tEND\nCMD [\"yes\"]\n");
        assertEquals(List.of("yes"), stage.words());
    }

    @Test
    void whatDistrolessStartsIsNode() {
        assertEquals(
                List.of("node", "dist/main.js"),
                read("FROM gcr.io/distroless/nodejs20-debian12\nCMD [\"dist/main.js\"]\n")
                        .words());
    }

    @ParameterizedTest
    @CsvSource({
        "COPY . ., /app/src/main.ts, api/src/main.ts",
        "COPY ./ /srv/x/, /srv/x/a.js, api/a.js",
        "COPY src ./source, /app/source/a.js, api/src/a.js",
        "COPY a.js b.js lib/, /app/lib/b.js, api/b.js",
        "COPY start.sh /usr/local/bin/, /usr/local/bin/start.sh, api/start.sh",
        "COPY start.sh /go, /go, api/start.sh",
        "'COPY [\"src\", \"/app/code\"]', /app/code/x, api/src/x",
        "COPY dist/apps/api ./dist, /app/dist/main.js, api/dist/apps/api/main.js",
    })
    void filesOfTheImageAreFoundInTheContext(String line, String inImage, String onHost) {
        assertEquals(
                Optional.of(onHost),
                read("FROM node\nWORKDIR /srv\nWORKDIR ../app\n" + line).paths().host(inImage));
    }

    @ParameterizedTest
    @CsvSource({
        "node, true",
        "node:20-alpine, true",
        "docker.io/library/node:22, true",
        "registry:5000/node@sha256:abc, true",
        "bitnami/node:20, true",
        "gcr.io/distroless/nodejs20-debian12, true",
        "mcr.microsoft.com/devcontainers/typescript-node:20, true",
        "registry.access.redhat.com/ubi9/nodejs-20, true",
        "python:3.12, false",
        "nginx, false",
        "oven/bun, false",
        "prom/node-exporter, false",
        "nodered/node-red, false"
    })
    void imagesOfNodeAreKnownByTheirNames(String image, boolean isNode) {
        assertEquals(isNode, Images.isNode(image));
    }

    private static DockerStage read(String text) {
        return Dockerfile.read(text, "api", Map.of(), Optional.empty(), CONTEXT).orElseThrow();
    }

    private static Optional<DockerStage> read(String text, String target) {
        return Dockerfile.read(text, ".", Map.of(), Optional.of(target), CONTEXT);
    }
}
