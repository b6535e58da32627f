import Glibc

/// Where a store lies, and what can be said of the place before SQLite is asked.
///
/// It is looked at with `stat(2)` and `access(2)` alone. Opening the database file here and closing it again
/// would drop the POSIX locks of every connection this process has to it (https://www.sqlite.org/howtocorrupt.html,
/// 2.2).
struct StorePath {
  /// Absolute, so that SQLite never takes it for a URI (`file:…`) and errors name one place.
  let text: String

  init(_ path: String) throws(StoreError) {
    if path.hasPrefix("/") {
      text = path
      return
    }
    guard let buffer = getcwd(nil, 0) else {
      throw StoreError(errno: errno, path: path, doing: "finding the working directory")
    }
    defer { free(buffer) }
    text = String(cString: buffer) + "/" + path
  }

  /// The directory the store lies in.
  var directory: String { Self.parent(of: text) }

  /// The same as a URI that tells SQLite that nobody changes the file (https://www.sqlite.org/uri.html).
  var immutableURI: String {
    let plain = text.utf8.map { byte in
      switch byte {
      // `/`, digits, letters and the marks that mean nothing in a path (RFC 3986 §2.3).
      case 0x2F, 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
        String(UnicodeScalar(byte))
      default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return "file:\(plain.joined())?immutable=1"
  }

  /// The size of the file in bytes; `nil` if there is none.
  func size(_ suffix: String = "") throws(StoreError) -> Int64? {
    var status = stat()
    if stat(text + suffix, &status) == 0 {
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw StoreError.notAStore(path: text, why: "it is a directory")
      }
      return Int64(status.st_size)
    }
    if errno == ENOENT { return nil }
    throw StoreError(errno: errno, path: text, doing: "looking at it")
  }

  /// Refuses a file that is too short to begin with the header of a database (100 bytes). SQLite takes one of
  /// a single byte for an empty one, and would write over it. While a rollback journal stands beside it, the
  /// file is in the middle of being created.
  func demandHeader() throws(StoreError) {
    guard let size = try size(), (1..<100).contains(size), try self.size("-journal") == nil else { return }
    throw StoreError.notAStore(path: text, why: "it is no SQLite database")
  }

  /// Whether the process may do this (`R_OK`, `W_OK`) with the file.
  func demand(_ mode: Int32, doing: String) throws(StoreError) {
    if access(text, mode) != 0 { throw StoreError(errno: errno, path: text, doing: doing) }
  }

  /// Creates the file, empty and for its owner alone, and the directories above it that are missing. SQLite
  /// gives its side files the same permissions.
  func create() throws(StoreError) {
    try Self.createDirectory(directory, for: text)
    let descriptor = open(text, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw StoreError(errno: errno, path: text, doing: "creating it") }
    close(descriptor)
  }

  private static func createDirectory(_ directory: String, for path: String) throws(StoreError) {
    var status = stat()
    if stat(directory, &status) == 0 { return }
    guard errno == ENOENT else {
      throw StoreError(errno: errno, path: path, doing: "looking at \(directory)")
    }
    let above = parent(of: directory)
    try createDirectory(above, for: path)
    guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
      throw StoreError(errno: errno, path: path, doing: "creating \(directory)")
    }
    // A new directory outlives a power cut only when its name is on disk too; SQLite takes care of the names
    // inside the last directory, not of those above.
    let descriptor = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
  }

  private static func parent(of path: String) -> String {
    let trimmed = path.last == "/" ? String(path.dropLast()) : path
    guard let slash = trimmed.lastIndex(of: "/"), slash != trimmed.startIndex else { return "/" }
    return String(trimmed[..<slash])
  }
}

extension StoreError {
  /// The store's word for an `errno` met while `doing` something with `path`.
  init(errno code: Int32, path: String, doing: String) {
    let why = "\(doing): \(String(cString: strerror(code)))"
    switch code {
    case ENOENT: self = .notFound(path: path)
    case EACCES, EPERM: self = .permission(path: path, why: why)
    case EROFS: self = .readOnly(path: path)
    case ENOSPC, EDQUOT: self = .diskFull(path: path)
    default: self = .failed(path: path, why: why)
    }
  }
}
