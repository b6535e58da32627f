import Glibc

/// Another process of this same program.
enum ChildProcess {
  /// Starts it.
  ///
  /// The program is what this process runs, whatever has meanwhile been installed in its place: processes of one daemon
  /// are of one version.
  ///
  /// - Parameters:
  ///   - arguments: behind the program's name.
  ///   - environment: all of it.
  ///   - descriptors: what it gets as 0, 1, 2 and so on. It gets no other.
  static func start(
    _ arguments: [String], environment: [String: String], descriptors: [Int32]
  ) throws(DaemonError) -> pid_t {
    // Above all places they go to: a copy must not run over one that is still to be copied.
    var copies: [Int32] = []
    defer { for copy in copies { close(copy) } }
    for descriptor in descriptors {
      let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 64)
      guard copy >= 0 else { throw MessageSocket.failure("copy a descriptor", errno) }
      copies.append(copy)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (place, copy) in copies.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, copy, Int32(place))
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A signal that is ignored here is not ignored there.
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var words = (["v6audit"] + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for word in words + variables { free(word) } }
    var process = pid_t()
    let status = posix_spawn(&process, "/proc/self/exe", &actions, &attributes, &words, &variables)
    guard status == 0 else { throw MessageSocket.failure("start v6audit \(arguments.first ?? "")", status) }
    return process
  }
}
