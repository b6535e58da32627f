import Dashboard
import Foundation
import Glibc
import Logging

/// The web server as the configuration, the service's credentials and systemd's sockets have it.
enum Web {
  /// The server, bound; `nil` where none is wanted.
  static func dashboard(
    _ configuration: Configuration, environment: [String: String], version: String,
    source: any DashboardSource, log: Logger
  ) throws -> Dashboard? {
    let sockets = InheritedSockets(environment: environment).named("web")
    let web = configuration.web
    guard !sockets.isEmpty || !web.listen.isEmpty else { return nil }
    var token: [UInt8]?
    if let path = web.token ?? credential("web-token", environment) {
      do { token = Array(try Data(contentsOf: URL(filePath: path))) } catch {
        throw DaemonError(
          "web: token-file: \(path)", why: (error as NSError).localizedDescription,
          remedy: "let the user of the daemon read it, or hand it over with LoadCredential=web-token")
      }
      while let last = token?.last, [0x0a, 0x0d, 0x20].contains(last) { token?.removeLast() }
    }
    let settings = DashboardSettings(
      // What systemd listens at goes before what the configuration says.
      endpoints: sockets.isEmpty ? web.listen : [], inherited: sockets,
      certificates: web.certificate ?? credential("web-cert", environment),
      privateKey: web.key ?? credential("web-key", environment), token: token,
      storePath: configuration.database, version: version)
    return try Dashboard(settings: settings, source: source, log: log)
  }

  /// A credential that the service manager has laid ready (systemd.exec(5), LoadCredential).
  private static func credential(_ name: String, _ environment: [String: String]) -> String? {
    guard let directory = environment["CREDENTIALS_DIRECTORY"] else { return nil }
    let path = "\(directory)/\(name)"
    return access(path, F_OK) == 0 ? path : nil
  }
}

/// Listening sockets that the service manager has opened (sd_listen_fds(3)).
struct InheritedSockets: Sendable {
  private let sockets: [(name: String, descriptor: Int32)]

  /// As the environment says: LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES.
  init(environment: [String: String]) {
    guard environment["LISTEN_PID"].flatMap(Int32.init) == getpid(),
      let count = environment["LISTEN_FDS"].flatMap(Int32.init), (1...64).contains(count)
    else {
      sockets = []
      return
    }
    let names = (environment["LISTEN_FDNAMES"] ?? "").split(separator: ":", omittingEmptySubsequences: false)
    sockets = (0..<count).map { place in
      (Int(place) < names.count ? String(names[Int(place)]) : "", 3 + place)
    }
  }

  /// Keeps them from the processes that this one starts.
  func closeOnExec() {
    for (_, descriptor) in sockets { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
  }

  /// Those of a name.
  func named(_ name: String) -> [Int32] { sockets.filter { $0.name == name }.map(\.descriptor) }
}
