package io.tulle.cli;

import io.tulle.model.Explanation;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every code that Tulle prints, from all rooms. */
final class Codes {
    private static final List<Explanation> OWN = List.of(
            new Explanation(
                    "TUL1001",
                    "Maven is missing",
                    "Tulle runs from a checkout and has not been built yet.",
                    "Install Maven 3.8.7 or newer."),
            new Explanation(
                    "TUL1002",
                    "The build failed",
                    "Maven could not build Tulle from the sources of this checkout.",
                    "Read dist/target/build.log; its first ERROR line names the cause."),
            new Explanation(
                    "TUL1003",
                    "No Java 25",
                    "Tulle needs Java 25 or newer and found none.",
                    "Install a JDK 25 (Temurin, for example) or set JAVA_HOME to it."),
            new Explanation(
                    "TUL1004",
                    "Node is not installed",
                    "A checkout is built on its first start, and the hook for Node applications is joined by Node.",
                    "Install Node 20 or newer: apt install nodejs."),
            new Explanation(
                    "TUL1010",
                    "The command cannot be read",
                    "A verb, an option or a value is unknown or missing.",
                    "tulle VERB --help shows what the verb takes, with an example."),
            new Explanation(
                    "TUL1011",
                    "Neither a verb nor a code",
                    "help takes the name of a verb or a code such as TUL1204.",
                    "tulle --help lists the verbs."),
            new Explanation(
                    "TUL1012",
                    "A file cannot be read",
                    "What -f names is not there, or not readable.",
                    "Name a file, a folder, or - for standard input."),
            new Explanation(
                    "TUL1013",
                    "No such kind",
                    "get takes a kind of resource by its plural, singular or short name.",
                    "The message lists the kinds."),
            new Explanation(
                    "TUL1014",
                    "The store is not usable",
                    "The control plane's store could not be opened or read.",
                    "The message names the store's own code; tulle help explains it."),
            new Explanation(
                    "TUL1015",
                    "The control plane cannot start",
                    "A port is taken or a file cannot be written.",
                    "Stop the other one, or choose other ports with --api and --listen, or another --mesh."),
            new Explanation("TUL1016", "No address", "An option takes ADDRESS:PORT.", "For example 127.0.0.1:15080."),
            new Explanation(
                    "TUL1017",
                    "A name that cannot be",
                    "Names of instances, services and namespaces are DNS labels.",
                    "Use a-z, 0-9 and '-', at most 63 characters."),
            new Explanation(
                    "TUL1018",
                    "No such protocol",
                    "A port's protocol is http, http2, grpc, nest-tcp or tcp.",
                    "Leave it out to let the first bytes decide."),
            new Explanation(
                    "TUL1019",
                    "No such port",
                    "A port is a number from 1 to 65535.",
                    "tulle run --help shows the forms."),
            new Explanation(
                    "TUL2253",
                    "Not an alias",
                    "An alias is a name that the application uses and the service of its namespace that it means by it.",
                    "For example --alias mysql_db=mysql-db."),
            new Explanation(
                    "TUL1020",
                    "No control plane answers",
                    "Nothing answers at the mesh's Unix socket.",
                    "Start one with tulle control or tulle up, or name the mesh with --mesh."),
            new Explanation(
                    "TUL1021",
                    "An answer without a document",
                    "Something else than a control plane listens at the socket.",
                    "Look at its log."),
            new Explanation(
                    "TUL1022",
                    "The control plane refused",
                    "The request was understood and refused; the message says why.",
                    "Mend what the message names."),
            new Explanation(
                    "TUL1023",
                    "No Compose file",
                    "tulle up found none in this folder.",
                    "Name one with -f, or go to its folder."),
            new Explanation(
                    "TUL1024",
                    "Started without the launcher",
                    "tulle up starts further Tulles and must know how.",
                    "Start Tulle as ./tulle or bin/tulle."),
            new Explanation(
                    "TUL1025",
                    "The control plane did not start",
                    "tulle up started one and it ended or hung.",
                    "What it printed says why."),
            new Explanation(
                    "TUL1026",
                    "No shop",
                    "demo runs the example shop and found none.",
                    "Run it from a checkout, or name the folder with --shop."),
            new Explanation(
                    "TUL1027",
                    "npm is missing",
                    "The shop is installed and built with npm.",
                    "Install Node 20 or newer with npm."),
            new Explanation(
                    "TUL1028",
                    "The shop could not be prepared",
                    "npm failed; its log says why.",
                    "Run the command that the message names by hand."),
            new Explanation(
                    "TUL1029",
                    "No such lab",
                    "--only names a lab that there is not, or --only or --json came without --check.",
                    "tulle demo --check --only 05; docs/labs lists them."),
            new Explanation(
                    "TUL1030",
                    "The labs have no stage",
                    "The shop did not start in the mesh that tulle demo --check makes for it.",
                    "Read the last lines in the message and the logs that it names."),
            new Explanation(
                    "TUL1045",
                    "Not a share",
                    "--trace-ratio says which share of requests begins a trace.",
                    "Give a number from 0 to 1."),
            new Explanation(
                    "TUL1046",
                    "No address of a collector",
                    "--otlp or OTEL_EXPORTER_OTLP_ENDPOINT names no http:// or https:// address.",
                    "Name the collector that takes OTLP over HTTP, such as http://127.0.0.1:4318."),
            new Explanation(
                    "TUL1047",
                    "-A beside one namespace",
                    "-A means every namespace, and -n or a NAME means one.",
                    "Leave one of the two out."),
            new Explanation(
                    "TUL1048",
                    "No such run on this host",
                    "tulle stop ends runs of this host and this mesh, by the name of their instance.",
                    "See tulle ps for the names, or name the mesh with --mesh."),
            new Explanation(
                    "TUL1049",
                    "A run has not ended in time",
                    "It was told to end. It drains first, and its application has its grace.",
                    "Wait longer with --timeout, or see what the application does with SIGTERM."),
            new Explanation(
                    "TUL2010",
                    "An instance could not join",
                    "The control plane is away or refused the join.",
                    "Start tulle control for this mesh; the message says what else."),
            new Explanation(
                    "TUL1560",
                    "Another instance's certificate",
                    "A sidecar asked for the configuration of an instance that its certificate does not name.",
                    "Let each sidecar join by itself."),
            new Explanation(
                    "TUL1619",
                    "A route without a backend",
                    "Every backend that the route names is missing.",
                    "Apply the service, or the DestinationRule with the subset, that the route names."),
            new Explanation(
                    "TUL1724",
                    "A port to publish is taken",
                    "Another process listens at the address that --publish names, or the address is none of this host's. Nothing was"
                            + " started.",
                    "Stop that process, or publish another port: --publish 3000=3001."),
            new Explanation(
                    "TUL2013",
                    "An instance got no configuration",
                    "It joined, and the control plane sent nothing in time, or what it sent cannot be used by this sidecar.",
                    "Is the machine overloaded, or the control plane of another version? Start the instance again."),
            new Explanation(
                    "TUL2014",
                    "There is no such program",
                    "The command after -- names a program that is neither in PATH nor at the path given.",
                    "Check its spelling, or name it by its path."),
            new Explanation(
                    "TUL2011",
                    "A certificate could not be renewed",
                    "The control plane did not issue a new certificate; the one in force stays until it expires.",
                    "Start the control plane again before then."),
            new Explanation(
                    "TUL1031",
                    "Half of a join",
                    "--join and --control belong together: what lets one in, and where.",
                    "tulle run … --join TOKEN --control HOST:15012."),
            new Explanation(
                    "TUL1032",
                    "No join token",
                    "What --join names is not the whole text of a token.",
                    "Copy all that tulle token create printed; @FILE reads it from a file."),
            new Explanation(
                    "TUL1033",
                    "No IP address",
                    "--address is what peers on other hosts dial, an address and no name.",
                    "For example 10.0.0.7."),
            new Explanation(
                    "TUL1034",
                    "The control plane's token is out of reach",
                    "kubectl needs the bearer token, which only the control plane's user can read.",
                    "Run tulle kubeconfig as that user."),
            new Explanation(
                    "TUL1035",
                    "A tool is missing",
                    "tulle run starts applications with bash, mkfifo, kill and setsid.",
                    "Install bash, coreutils and util-linux."),
            new Explanation(
                    "TUL1036",
                    "Two versions of Tulle",
                    "The command line and the control plane are of different versions.",
                    "Start the control plane again with this version, or use the other's."),
            new Explanation(
                    "TUL1037",
                    "A port open past the mesh",
                    "An application that is caught by its environment listens on loopback, where no policy guards it.",
                    "Use --capture netns or hook, or keep others off this host."),
            new Explanation(
                    "TUL1040",
                    "No listener",
                    "--listen takes where to listen and which destination is meant.",
                    "--listen 8080=catalog:3000, or 0.0.0.0:8080=catalog:3000."),
            new Explanation(
                    "TUL1041",
                    "A listener that leads nowhere",
                    "No resource of the files declares the destination's port.",
                    "Declare it with a Service or a ServiceEntry."),
            new Explanation(
                    "TUL1042",
                    "An address that cannot be opened",
                    "It is taken by another process, or not one of this host.",
                    "Choose another with --listen."),
            new Explanation(
                    "TUL1043",
                    "The proxy cannot start",
                    "The mesh port or the admin port is taken.",
                    "Choose others with --inbound and --admin."),
            new Explanation(
                    "TUL1044",
                    "An identity that cannot be read",
                    "cert-chain.pem (leaf first), key.pem and root-cert.pem must be there and fit together.",
                    "Put them into the folder that --identity names."),
            new Explanation(
                    "TUL1349",
                    "Another root namespace is in force",
                    "--root-namespace was given for a control plane that runs already with another one.",
                    "End the control plane, and start it with tulle control --root-namespace NAME."),
            new Explanation(
                    "TUL1359",
                    "The root namespace cannot be read",
                    "The mesh keeps the name of its root namespace in a file, and the file is damaged.",
                    "Write the name of a namespace into the file that the message names, or delete it."),
            new Explanation(
                    "TUL2049",
                    "A published port that is not exposed",
                    "--publish opens a port of the service on this host, and the service has no such port.",
                    "Name the port with --expose as well, with its protocol."),
            new Explanation(
                    "TUL1099",
                    "A fault in Tulle",
                    "Something happened that Tulle's authors did not foresee.",
                    "Run again with TULLE_DEBUG=1 and report what it prints."));

    private Codes() {}

    static Stream<Explanation> all() {
        return Stream.of(
                        OWN,
                        io.tulle.dialects.code.Codes.explanations(),
                        io.tulle.model.ErrorCode.explanations(io.tulle.xds.XdsCode.values()),
                        io.tulle.control.store.StoreCode.explanations(),
                        io.tulle.control.api.ApiCode.explanations(),
                        io.tulle.control.FindingCodes.ALL,
                        io.tulle.control.identity.IdentityCode.explanations(),
                        io.tulle.control.registry.RegistryCode.explanations(),
                        io.tulle.control.push.PushCode.explanations(),
                        io.tulle.proxy.ProxyCodes.ALL,
                        io.tulle.launch.hook.HookCode.explanations(),
                        io.tulle.launch.process.ProcessCode.explanations(),
                        io.tulle.launch.up.UpCode.explanations(),
                        io.tulle.launch.health.HealthCode.explanations(),
                        io.tulle.launch.capture.CaptureCode.explanations(),
                        io.tulle.launch.netns.NetnsCode.explanations())
                .flatMap(List::stream);
    }

    static Optional<Explanation> find(String code) {
        return all().filter(e -> e.code().equals(code)).findFirst();
    }
}
