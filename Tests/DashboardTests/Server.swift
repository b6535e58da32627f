import Foundation
import Glibc
import Observations

/// `dashboard-testtool`, serving in a process of its own: what blocks here does not block it. It ends with
/// the value, or with the program of the tests: it reads its input to the end.
final class Server: Sendable {
  /// Where it listens.
  let endpoints: [Endpoint]
  /// The directory of its store.
  let directory: URL
  private let process = Process()
  private let input = Pipe()

  /// Starts it with a store of `runs` runs, by way of `program` if there is one, and waits until it serves.
  init(_ arguments: [String] = [], listen: [String] = ["[::1]:0"], runs: Int = 0, program: URL? = nil) throws
  {
    directory = FileManager.default.temporaryDirectory.appendingPathComponent("dashboard-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let store = ["--store", directory.appendingPathComponent("v6audit.db").path, "--runs", "\(runs)"]
    let output = Pipe()
    process.executableURL = program ?? Self.program
    process.standardInput = input
    process.arguments = arguments + ["--until-eof", "yes"] + store + listen.flatMap { ["--listen", $0] }
    process.standardOutput = output
    try process.run()
    var text = Data()
    while !text.contains("serving\n".utf8), !text.contains("error:".utf8) {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { break }
      text += data
    }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    guard lines.last == "serving" else { throw Failure(text: "\(lines)") }
    endpoints = lines.compactMap { line in
      line.hasPrefix("listening ") ? Endpoint(String(line.dropFirst("listening ".count))) : nil
    }
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: directory)
  }

  /// It lies beside the test program.
  static let program: URL = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("dashboard-testtool")
  }()

  /// A connection to its first endpoint.
  func connect() throws -> Connection { try Connection(to: endpoints[0]) }

  /// One request on a connection of its own.
  func get(_ path: String, _ headers: [String] = [], method: String = "GET") throws -> Reply {
    let connection = try connect()
    let lines = ["\(method) \(path) HTTP/1.1", "Host: test.example", "Connection: close"] + headers
    connection.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
    return try Reply(connection.readToEnd(within: 10))
  }

  /// A JSON document, of a path that must have one.
  func object(_ path: String) throws -> [String: Any] {
    let reply = try get(path)
    guard reply.status == 200 else { throw Failure(text: "\(path): \(reply.status) \(reply.text)") }
    return try reply.object
  }

  /// Stops it, and says how it ended.
  func stop() -> Int32 {
    process.terminate()
    process.waitUntilExit()
    return process.terminationStatus
  }
}

/// What went wrong with the test itself.
struct Failure: Error {
  var text: String
}

/// A bare TCP connection.
final class Connection {
  private let descriptor: Int32

  init(to endpoint: Endpoint) throws {
    descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = endpoint.port.bigEndian
    address.sin6_addr = in6addr_loopback
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
      }
    }
    guard status == 0 else { throw Failure(text: "connect: \(String(cString: strerror(errno)))") }
  }

  deinit { close(descriptor) }

  /// Sends as much as the other end takes; `false` if it is gone.
  @discardableResult
  func send(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  /// What comes next; empty at the end, `nil` if nothing comes in time.
  func read(within seconds: Double) -> [UInt8]? {
    var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&wait, 1, Int32(seconds * 1000)) > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    return Array(bytes.prefix(max(0, count)))
  }

  /// All that comes until the other end closes.
  func readToEnd(within seconds: Double) throws -> [UInt8] {
    let end = ContinuousClock.now + .seconds(seconds)
    var all: [UInt8] = []
    while ContinuousClock.now < end {
      guard let bytes = read(within: 0.1) else { continue }
      if bytes.isEmpty { return all }
      all += bytes
    }
    throw Failure(
      text:
        "the connection was not closed within \(seconds) s; it said \(String(decoding: all, as: UTF8.self))")
  }
}

/// An answer.
struct Reply {
  let status: Int
  let headers: [String: String]
  let body: [UInt8]

  init(_ bytes: [UInt8]) throws {
    guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: "\r\n\r\n".utf8) }) else {
      throw Failure(text: "no answer: \(String(decoding: bytes, as: UTF8.self))")
    }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).components(separatedBy: "\r\n")
    status = Int(lines[0].split(separator: " ")[1]) ?? 0
    headers = Dictionary(
      lines.dropFirst().map { line in
        let parts = line.split(separator: ":", maxSplits: 1)
        return (parts[0].lowercased(), parts[1].trimmingCharacters(in: .whitespaces))
      }
    ) { first, second in first + ", " + second }
    body = Array(bytes[(end + 4)...])
  }

  var text: String { String(decoding: body, as: UTF8.self) }

  var object: [String: Any] {
    get throws {
      guard let object = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
        throw Failure(text: "no object: \(text)")
      }
      return object
    }
  }
}
