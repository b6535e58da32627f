import Foundation
import Testing

/// Two network namespaces with a wire between them, made for one test and gone with it: the vantage, in which
/// `packetio-testtool` runs, and the far end, which answers. Addresses are from the documentation and benchmark
/// prefixes; no packet can leave.
struct TestNetwork {
  /// Shell commands in the vantage, before probing. `far` before a command runs it at the far end.
  var setUp = ""
  /// Rules of an nftables chain on the far end's input.
  var farRules = ""
  /// Whether to record at the far end what arrives there.
  var records = false

  /// What came of a run.
  struct Result {
    /// By target as it was written: what came of it.
    var outcomes: [String: String] = [:]
    /// By name, from the line of counters.
    var counters: [String: Int] = [:]
    /// The whole time in milliseconds.
    var elapsed: Double = 0
    /// The line that begins with `error`, without that word.
    var error: String?
    /// Everything, for a failed expectation to show.
    var output: String
    /// What arrived at the far end, if that was asked for.
    var recording: Recording
  }

  /// A network that could not be built, or a tool that crashed.
  struct Failure: Error {
    var status: Int32
    var output: String
  }

  /// A file that is gone when nobody looks at it any more.
  final class Recording: Sendable {
    private let directory: String
    let path: String

    init() throws {
      directory = FileManager.default.temporaryDirectory.path + "/packetio-\(UUID().uuidString)"
      path = directory + "/far.pcapng"
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }
  }

  /// Builds the network, probes from it and takes it down. The tool ends with 3 where it has said why it cannot probe;
  /// nothing else may fail.
  func probe(_ arguments: String, as wrapper: String = "") throws -> Result {
    let recording = try Recording()
    let output = try Self.run(script(wrapper + " " + Self.tool + " " + arguments, recording: recording.path))
    return Result(output, recording: recording)
  }

  /// What the vantage and the far end look like before a test adds to them.
  private func script(_ probe: String, recording: String) -> String {
    """
    set -e
    far() { nsenter -t "$FAR" -n "$@"; }
    unshare -n sleep 120 > /dev/null 2>&1 & FAR=$!
    trap 'kill -KILL $FAR $TOOLS 2>/dev/null' EXIT
    for i in $(seq 100); do
      [ "$(readlink /proc/$FAR/ns/net)" != "$(readlink /proc/self/ns/net)" ] && break; sleep 0.02
    done
    far sh -c 'echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad'
    echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad
    ip link set lo up
    ip link add near type veth peer name wire
    ip link set wire netns $FAR
    ip addr add 198.18.0.1/24 dev near
    ip -6 addr add 2001:db8::1/64 dev near nodad
    ip link set near up
    far ip link set lo up
    far ip addr add 198.18.0.2/24 dev wire
    far ip -6 addr add 2001:db8::2/64 dev wire nodad
    far ip link set wire up
    for i in $(seq 100); do
      far ip link show wire | grep -q 'state UP' && ip link show near | grep -q 'state UP' \
        && [ -z "$(far ip -6 addr show tentative; ip -6 addr show tentative)" ] && break; sleep 0.05
    done
    far ip -6 route add local 2001:db8:9::/48 dev lo
    far ip route add local 198.18.9.0/24 dev lo
    ip -6 route add 2001:db8:9::/48 via 2001:db8::2
    ip route add 198.18.9.0/24 via 198.18.0.2
    far sh -c 'echo 0 > /proc/sys/net/ipv6/icmp/ratelimit; echo 0 > /proc/sys/net/ipv4/icmp_ratelimit'
    echo 'table inet t { chain i { type filter hook input priority 0;
    \(farRules)
    }
    }' | far nft -f -
    nsenter -t $FAR -n \(Self.tool) --listen 80 > /dev/null 2>&1 & TOOLS=$!
    \(Self.tool) --listen 80 > /dev/null 2>&1 & TOOLS="$TOOLS $!"
    \(records ? "nsenter -t $FAR -n tshark -q -i wire -w \(recording) > /dev/null 2>&1 & TSHARK=$!; TOOLS=\"$TOOLS $!\"" : "")
    for i in $(seq 100); do
      far ss -Hltn 'sport = 80' | grep -q . && ss -Hltn 'sport = 80' | grep -q . && break; sleep 0.05
    done
    \(records ? "for i in $(seq 100); do [ -s \(recording) ] && break; sleep 0.1; done; sleep 0.5" : "")
    \(setUp)
    \(probe) || [ $? = 3 ]
    \(records ? "sleep 0.5; kill $TSHARK; wait $TSHARK" : "")
    """
  }

  /// The test tool, beside the tests' own executable.
  static let tool: String = {
    let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let candidates = [tests, CommandLine.arguments.first].compactMap { path in
      path.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path + "/packetio-testtool" }
    }
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "packetio-testtool"
  }()

  /// Runs a script in a network namespace of its own: as a user's own root where the kernel allows that, as the
  /// real one where not. Returns its standard output, then what it complained of.
  static func run(_ script: String) throws -> String {
    let isAllowed = try shell(["unshare", "-Urnm", "true"]).status == 0
    let result = try shell([
      "timeout", "-k", "1", "60", "unshare", isAllowed ? "-Urnm" : "-nm", "bash", "-c", script,
    ])
    guard result.status == 0 else { throw Failure(status: result.status, output: result.output) }
    return result.output
  }

  /// Runs a program; its output and errors together, and its status.
  static func shell(_ arguments: [String]) throws -> (output: String, status: Int32) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    // Threads of the test runner may block signals, and children inherit that: they could not be ended.
    var none = sigset_t()
    var before = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: data, as: UTF8.self), process.terminationStatus)
  }
}

extension TestNetwork.Result {
  /// Reads what `packetio-testtool` prints.
  init(_ output: String, recording: TestNetwork.Recording) {
    self.output = output
    self.recording = recording
    for line in output.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard words.count == 2 else { continue }
      switch words[0] {
      case "error": error = words[1]
      case "elapsed": elapsed = Double(words[1]) ?? 0
      case "counters":
        for pair in words[1].split(separator: " ") {
          let parts = pair.split(separator: "=")
          if parts.count == 2 { counters[String(parts[0])] = Int(parts[1]) }
        }
      default: outcomes[words[0]] = words[1]
      }
    }
  }

  /// What tshark makes of the recording: one line a packet, the fields separated by tabs.
  func dissect(_ filter: String, fields: [String], options: [String] = []) throws -> [[String]] {
    let arguments =
      ["tshark", "-r", recording.path, "-Y", filter, "-T", "fields"] + fields.flatMap { ["-e", $0] } + options
    return try TestNetwork.shell(arguments).output.split(separator: "\n")
      .filter { !$0.hasPrefix("Running as") }
      .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
  }
}
